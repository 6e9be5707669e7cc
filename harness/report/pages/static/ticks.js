// Rows are ticked and compared on a page of their own; ticks stay when rows are sorted or filtered.
(() => {
  const MOST = 6;
  const { rows, folder } = JSON.parse(document.getElementById("links").textContent);
  const ticked = [];
  const boxes = new Map();

  // The run that stands for a row: the first that has clusters.
  const runOf = (number) => (rows[number][1].find(([, , , clustered]) => clustered) || [null])[0];

  const bar = document.createElement("div");
  bar.id = "ticked";
  bar.hidden = true;
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  const link = document.createElement("a");
  const clear = document.createElement("button");
  clear.type = "button";
  clear.textContent = "Untick all";
  clear.addEventListener("click", () => {
    for (const number of ticked.splice(0)) boxes.get(number).checked = false;
    show();
    document.getElementById("search").focus();
  });
  bar.append(told, link, clear);
  document.getElementById("main").append(bar);

  function show() {
    const enough = ticked.length > 1;
    bar.hidden = !ticked.length;
    link.hidden = !enough;
    link.textContent = `Compare ${ticked.length} runs`;
    link.href = `${folder}/compare.html#runs=${ticked.map(runOf).join(",")}`;
    told.textContent = enough ? (ticked.length === MOST ? `${MOST} is the most that fit.` : "") : "Tick another row to compare.";
    for (const [number, box] of boxes) box.disabled = ticked.length === MOST && !ticked.includes(number);
    history.replaceState({ ticked }, "");
  }

  function set(number, on) {
    boxes.get(number).checked = on;
    if (on) ticked.push(number);
    else ticked.splice(ticked.indexOf(number), 1);
  }

  for (const row of document.querySelectorAll("#rows tr[data-n]")) {
    const number = Number(row.dataset.n);
    const label = document.createElement("label");
    label.className = "tick";
    label.addEventListener("click", (event) => event.stopPropagation()); // a click on the row opens it
    if (runOf(number)) {
      const box = document.createElement("input");
      box.type = "checkbox";
      box.setAttribute("aria-label", `Compare ${row.cells[0].textContent.trim()} + ${row.cells[1].textContent.trim()}`);
      box.addEventListener("change", () => {
        set(number, box.checked);
        show();
      });
      label.append(box);
      boxes.set(number, box);
    }
    row.cells[0].prepend(label);
  }
  const before = (history.state && history.state.ticked) || [];
  for (const number of before) if (boxes.has(number)) set(number, true);
  if (ticked.length) show();
})();
