// The columns of the table: those that are hidden at first are made of plain values when they are first picked.
const Columns = (() => {
  const table = document.getElementById("board");
  const known = JSON.parse(document.getElementById("picked").textContent);
  const byNumber = [...document.getElementById("rows").rows]; // as the page has them, unsorted
  const head = table.tHead.rows[0];

  const at = (row, column) => row.getElementsByClassName("c" + column)[0];
  const heads = () => [...head.querySelectorAll("th[data-c]")];

  function heading(column, found) {
    const made = document.createElement("th");
    const button = document.createElement("button");
    made.scope = "col";
    made.className = "c" + column;
    made.dataset.c = column;
    made.dataset.first = found.first;
    made.toggleAttribute("data-text", found.text);
    made.setAttribute("aria-sort", "none");
    button.type = "button";
    button.textContent = found.title;
    made.append(button);
    if (found.note) {
      const note = document.createElement("span");
      note.className = "scale";
      note.textContent = found.note;
      made.append(note);
    }
    return made;
  }

  // Puts a column where it belongs, unless it is there; it stays when it is hidden again.
  function show(column) {
    const found = known[column];
    if (!found || at(head, column)) return;
    const next = heads().find((each) => Number(each.dataset.c) > column);
    const place = next ? next.dataset.c : null;
    const kind = "c" + column + (found.right ? " number" : "");
    head.insertBefore(heading(column, found), place && at(head, place));
    byNumber.forEach((row, n) => {
      const cell = document.createElement("td");
      cell.className = kind + (found.best.includes(n) ? " best" : "") + (found.bad.includes(n) ? " bad" : "");
      cell.textContent = found.texts[n];
      if (found.sorts[n] !== null) cell.dataset.v = found.sorts[n];
      row.insertBefore(cell, place && at(row, place));
    });
    for (const each of table.querySelectorAll(".opened > td")) each.colSpan = head.cells.length;
  }

  return { at, heads, show, byNumber };
})();
