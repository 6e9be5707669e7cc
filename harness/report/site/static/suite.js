(() => {
  const get = (id) => document.getElementById(id);
  const packed = JSON.parse(get("packed").textContent);
  const pivot = get("pivot");
  const rows = [...pivot.tBodies[0].rows];
  const first = 4; // the column of the first method
  const words = new Intl.Collator("en", { numeric: true });
  const chosen = (id) => (get(id) ? get(id).value : "");

  // Sorting: numbers as numbers, and what has no number last in both directions.
  function number(row, column) {
    if (row.dataset.n && column >= first) return packed.scores[row.dataset.n][column - first];
    const found = parseFloat(row.cells[column].textContent.replaceAll(",", ""));
    return Number.isNaN(found) ? null : found;
  }
  function sort(table, column, direction) {
    const sign = direction === "ascending" ? 1 : -1;
    const all = [...table.tBodies[0].rows].map((row, place) => ({
      row, place, key: column ? number(row, column) : row.cells[0].textContent,
    }));
    all.sort((one, two) => {
      if (!column) return sign * words.compare(one.key, two.key) || one.place - two.place;
      if (one.key === null || two.key === null) return (one.key === null) - (two.key === null) || one.place - two.place;
      return sign * (one.key - two.key) || one.place - two.place;
    });
    table.tBodies[0].append(...all.map((each) => each.row));
    [...table.tHead.rows[0].cells].forEach((head, n) => head.setAttribute("aria-sort", n === column ? direction : "none"));
  }
  for (const table of document.querySelectorAll(".sorts")) {
    table.tHead.addEventListener("click", (event) => {
      const head = event.target.closest("button") && event.target.closest("th");
      if (!head) return;
      const down = head.getAttribute("aria-sort") === "none" ? head.cellIndex > 0 : head.getAttribute("aria-sort") === "ascending";
      sort(table, head.cellIndex, down ? "descending" : "ascending");
    });
  }

  // Ranks of a dataset's scores: 1 is best, equal scores share a rank, failed ones the last.
  function ranks(scores) {
    const sign = packed.higher ? -1 : 1;
    const keys = scores.map((each) => (each === null ? Infinity : sign * each));
    return keys.map((key) => {
      const less = keys.filter((each) => each < key).length;
      return less + (keys.filter((each) => each === key).length + 1) / 2;
    });
  }
  const able = packed.ranked.flatMap((each, n) => (each ? [n] : []));
  const rankings = packed.scores.map((scores) => ranks(able.map((n) => scores[n])));
  const worst = packed.scores.map((scores) => Math.max(...scores.filter((each) => each !== null)));

  // The means of the datasets that are shown.
  function sum(shown) {
    const counted = shown.filter((n) => packed.counted[n]);
    able.forEach((method, place) => {
      const scores = counted.map((n) => packed.scores[n][method] ?? (packed.higher ? 0 : worst[n]));
      const mean = (some) => (some.length ? some.reduce((one, two) => one + two, 0) / some.length : null);
      const tell = (value, digits) => (value === null ? "–" : value.toFixed(digits));
      pivot.tFoot.rows[0].cells[first + method].textContent = tell(mean(scores), 3);
      pivot.tFoot.rows[1].cells[first + method].textContent = tell(mean(counted.map((n) => rankings[n][place])), 2);
    });
  }
  function filter() {
    const term = chosen("search").toLowerCase().trim();
    const [group, limit, width] = ["group", "limit", "width"].map(chosen);
    const shown = [];
    for (const row of rows) {
      const fits =
        (!term || row.cells[0].textContent.toLowerCase().includes(term)) &&
        (!group || row.dataset.g === group) &&
        (!limit || Number(row.cells[1].textContent) <= Number(limit)) &&
        (!width || Number(row.cells[2].textContent) <= Number(width));
      row.hidden = !fits;
      if (fits) shown.push(Number(row.dataset.n));
    }
    get("count").textContent = shown.length === rows.length ? `${rows.length} datasets` : `${shown.length} of ${rows.length} datasets`;
    sum(shown);
  }
  get("controls").addEventListener("submit", (event) => event.preventDefault());
  get("controls").addEventListener("input", filter);

  // The facts of the score that is pointed at.
  let lit = null;
  function tell(event) {
    const cell = event.target.closest("#pivot tbody td");
    if (!cell || cell.cellIndex < first || cell === lit) return;
    if (lit) lit.classList.remove("lit");
    lit = cell;
    lit.classList.add("lit");
    const n = cell.parentElement.dataset.n;
    const method = cell.cellIndex - first;
    get("cell").textContent = `${packed.datasets[n]}, ${packed.methods[method]}: ${packed.facts[n][method]}`;
  }
  pivot.addEventListener("mouseover", tell);
  pivot.addEventListener("click", tell);
  filter();
})();
