(() => {
  const body = document.getElementById("rows");
  const table = document.getElementById("board");
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows].map((row) => ({
    row,
    detail: null,
    text: (row.cells[0].textContent + " " + row.cells[1].textContent).toLowerCase(),
    flags: row.dataset.flags ? row.dataset.flags.split("|") : [],
    statuses: row.dataset.status.split("|"),
    failed: "failed" in row.dataset,
  }));
  const byNumber = [...rows];
  const words = new Intl.Collator("en", { numeric: true });
  const get = (id) => document.getElementById(id);

  // Sorting: numbers as numbers, texts as texts; what has no value comes last in both directions.
  function sort(column, direction) {
    const textual = heads[column].classList.contains("text");
    const sign = direction === "ascending" ? 1 : -1;
    for (const each of rows) {
      const cell = each.row.cells[column];
      const value = cell.dataset.v;
      each.key = textual ? cell.textContent.trim() : value === undefined ? null : Number(value);
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
    body.append(all);
    heads.forEach((head, n) => head.setAttribute("aria-sort", n === column ? direction : "none"));
    const order = get("order");
    if (order) order.value = String(column);
  }

  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const other = now === "ascending" ? "descending" : "ascending";
      sort(column, now === "none" ? head.dataset.first : other);
    });
  });

  // Opening a row.
  function toggle(each) {
    const button = each.row.querySelector(".open");
    const open = button.getAttribute("aria-expanded") === "true";
    if (!each.detail) {
      each.detail = document.createElement("tr");
      each.detail.className = "opened";
      each.detail.id = "detail-" + each.row.dataset.n;
      const cell = each.detail.insertCell();
      cell.colSpan = heads.length;
      cell.append(Details.build(Number(each.row.dataset.n)));
      each.row.after(each.detail);
      button.setAttribute("aria-controls", each.detail.id);
    }
    each.detail.hidden = open;
    button.setAttribute("aria-expanded", String(!open));
  }

  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-n]");
    if (row && !String(window.getSelection())) toggle(byNumber[Number(row.dataset.n)]);
  });

  // Filtering.
  function filter() {
    const terms = get("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const flag = get("flag") ? get("flag").value : "";
    const status = get("status") ? get("status").value : "";
    const failures = get("failures") ? get("failures").checked : false;
    let shown = 0;
    for (const each of rows) {
      const fits =
        terms.every((term) => each.text.includes(term)) &&
        (!flag || (flag === "-" ? !each.flags.length : each.flags.includes(flag))) &&
        (!status || each.statuses.includes(status)) &&
        (!failures || each.failed);
      each.row.hidden = !fits;
      if (each.detail) each.detail.hidden = !fits || each.row.querySelector(".open").getAttribute("aria-expanded") !== "true";
      shown += fits;
    }
    get("count").textContent = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`;
    get("nothing").hidden = shown > 0;
  }

  const controls = get("controls");
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", (event) => {
    if (event.target.closest(".pick")) pick();
    else if (event.target.id === "order") {
      const column = Number(event.target.value);
      sort(column, heads[column].dataset.first);
    } else filter();
  });
  get("clear").addEventListener("click", () => {
    controls.reset();
    pick();
    filter();
    get("search").focus();
  });

  // Columns: which are shown, and how far the second one stands from the edge where both stay in sight.
  function pick() {
    const boxes = [...controls.querySelectorAll(".pick input")];
    const off = boxes.filter((box) => !box.checked).map((box) => `#board .c${box.value}{display:none}`);
    get("hidden").textContent = off.join("");
    align();
  }
  function align() {
    table.style.setProperty("--second", heads[0].offsetWidth + "px");
    table.style.setProperty("--wide", table.parentElement.clientWidth + "px");
  }
  window.addEventListener("resize", align);
  pick();
})();
