(() => {
  const body = document.getElementById("rows");
  const table = document.getElementById("board");
  const { at, heads, show, byNumber } = Columns;
  const get = (id) => document.getElementById(id);
  const chosen = (id) => (get(id) ? get(id).value : "");

  // The number of a cell, which is written apart where more digits are known than are read; else null.
  function valueOf(cell) {
    const text = cell.dataset.v || cell.textContent.trim();
    return text && Number.isFinite(Number(text)) ? Number(text) : null;
  }

  const seconds = heads().find((head) => head.textContent.startsWith("seconds"));
  const rows = byNumber.map((row) => ({
    row,
    detail: null,
    button: row.querySelector(".open"),
    text: (at(row, 0).textContent + " " + at(row, 1).textContent).toLowerCase(),
    flags: row.dataset.flags ? row.dataset.flags.split("|") : [],
    statuses: (row.dataset.status || "ok").split("|"),
    failed: "failed" in row.dataset,
    encoders: (row.dataset.e || "0").split(" "),
    origin: row.dataset.k || "0",
    seconds: seconds ? valueOf(at(row, seconds.dataset.c)) : null,
  }));
  const numbered = [...rows];
  const words = new Intl.Collator("en", { numeric: true });

  // Of many rows the first are laid out, and more as the reader comes near their end: a thousand take long.
  const STEP = 150;
  let limit = STEP;
  function fold(most) {
    let place = 0;
    limit = most;
    for (const each of rows) {
      if (each.row.hidden) continue;
      const later = place++ >= limit;
      each.row.classList.toggle("later", later);
      if (each.detail) each.detail.classList.toggle("later", later);
    }
    get("more").hidden = place <= limit;
  }
  new IntersectionObserver(
    (seen) => seen.some((each) => each.isIntersecting) && fold(limit + STEP), { rootMargin: "600px" },
  ).observe(get("more"));
  document.addEventListener("reveal", (event) => {
    const place = rows.findIndex((each) => each.row === event.detail);
    if (place >= limit) fold(place + STEP);
  });

  // Sorting: numbers as numbers, texts as texts; what has no value comes last in both directions.
  function sort(column, direction) {
    show(column);
    const sign = direction === "ascending" ? 1 : -1;
    const textual = at(table.tHead.rows[0], column).hasAttribute("data-text");
    for (const each of rows) {
      const cell = at(each.row, column);
      each.key = textual ? cell.textContent.trim() : valueOf(cell);
    }
    rows.sort((one, two) => {
      if (one.key === null || two.key === null) {
        return (one.key === null) - (two.key === null) || one.row.dataset.n - two.row.dataset.n;
      }
      const order = textual ? words.compare(one.key, two.key) : one.key - two.key;
      return sign * order || one.row.dataset.n - two.row.dataset.n;
    });
    const all = document.createDocumentFragment();
    for (const each of rows) {
      all.append(each.row);
      if (each.detail) all.append(each.detail);
    }
    fold(STEP);
    body.append(all);
    for (const head of heads()) head.setAttribute("aria-sort", Number(head.dataset.c) === column ? direction : "none");
    get("order").value = String(column);
  }

  table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("button") && event.target.closest("th[data-c]");
    if (!head) return;
    const now = head.getAttribute("aria-sort");
    const other = now === "ascending" ? "descending" : "ascending";
    sort(Number(head.dataset.c), now === "none" ? head.dataset.first : other);
  });

  // Opening a row.
  function toggle(each) {
    const open = each.button.getAttribute("aria-expanded") === "true";
    if (!each.detail) {
      each.detail = document.createElement("tr");
      each.detail.className = "opened";
      each.detail.id = "detail-" + each.row.dataset.n;
      const cell = each.detail.insertCell();
      cell.colSpan = table.tHead.rows[0].cells.length;
      Details.ready.then(
        () => cell.append(Details.build(Number(each.row.dataset.n))),
        () => cell.append("This browser is too old to show the numbers of a row; the CSV file has them."),
      );
      each.row.after(each.detail);
      each.button.setAttribute("aria-controls", each.detail.id);
    }
    each.detail.hidden = open;
    each.button.setAttribute("aria-expanded", String(!open));
  }

  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-n]");
    const other = event.target.closest("a, input, label");
    if (row && !other && !String(window.getSelection())) toggle(numbered[Number(row.dataset.n)]);
  });

  // Filtering.
  function filter() {
    const terms = get("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [flag, status, encoder, origin] = ["flag", "status", "encoder", "origin"].map(chosen);
    const limit = chosen("limit") ? Number(chosen("limit")) : Infinity;
    const failures = get("failures") ? get("failures").checked : false;
    let shown = 0;
    for (const each of rows) {
      const fits =
        terms.every((term) => each.text.includes(term)) &&
        (!flag || (flag === "-" ? !each.flags.length : each.flags.includes(flag))) &&
        (!status || each.statuses.includes(status)) &&
        (!encoder || each.encoders.includes(encoder)) &&
        (!origin || each.origin === origin) &&
        (limit === Infinity || (each.seconds !== null && each.seconds <= limit)) &&
        (!failures || each.failed);
      each.row.hidden = !fits;
      if (each.detail) each.detail.hidden = !fits || each.button.getAttribute("aria-expanded") !== "true";
      shown += fits;
    }
    get("count").textContent = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`;
    get("nothing").hidden = shown > 0;
    fold(STEP);
    document.dispatchEvent(new CustomEvent("filtered"));
  }

  const controls = get("controls");
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", (event) => {
    if (event.target.closest(".pick")) pick(true);
    else if (event.target.id === "order") {
      const column = Number(event.target.value);
      show(column);
      sort(column, heads().find((head) => Number(head.dataset.c) === column).dataset.first);
    } else filter();
  });
  get("clear").addEventListener("click", () => {
    controls.reset();
    pick(false);
    filter();
    get("search").focus();
  });

  const menu = controls.querySelector(".pick");
  document.addEventListener("click", (event) => event.target.closest(".pick") || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // Which columns are shown, and how far the second one stands from the edge where both stay in sight.
  function pick(picked) {
    const boxes = [...controls.querySelectorAll(".pick input")];
    for (const box of boxes) if (box.checked) show(Number(box.value));
    const off = boxes.filter((box) => !box.checked).map((box) => `#board .c${box.value}{display:none}`);
    get("hidden").textContent = off.join("");
    table.classList.toggle("picked", picked);
    align();
  }
  function align() {
    table.style.setProperty("--second", at(table.tHead.rows[0], 0).offsetWidth + "px");
    table.style.setProperty("--wide", table.parentElement.clientWidth + "px");
  }
  window.addEventListener("resize", align);
  fold(STEP);
  pick(false);
})();
