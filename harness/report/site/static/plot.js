// The plot of score against seconds: a point leads to its row, and a row lights its point; arrow keys go along.
(() => {
  const plot = document.querySelector(".chart .plot");
  if (!plot) return;
  const { at, byNumber } = Columns;
  const said = document.getElementById("point");
  const points = [...plot.querySelectorAll("g[data-p]")];
  const across = (point) => Number(point.querySelector("circle").getAttribute("cx"));
  const inOrder = [...points].sort((one, two) => across(one) - across(two) || one.dataset.p - two.dataset.p);
  const byPlace = new Map(points.map((point) => [point.dataset.p, point]));
  const name = (row) => at(row, 0).textContent + " + " + at(row, 1).textContent;
  let lit = null;
  let stop = null;

  function light(place) {
    if (lit) lit.forEach((each) => each.classList.remove("lit"));
    const point = byPlace.get(place);
    lit = point ? [point, byNumber[Number(place)], ...document.querySelectorAll(`.key [data-p="${place}"]`)] : null;
    if (lit) lit.forEach((each) => each.classList.add("lit"));
    said.textContent = point ? point.dataset.text || (point.dataset.text = label(point)) : "\u00a0";
  }

  function label(point) {
    const row = byNumber[Number(point.dataset.p)];
    const values = [...document.querySelectorAll("#board > thead th[data-c]")]
      .filter((head) => head.matches("[data-said]"))
      .map((head) => head.querySelector("button").textContent + " " + at(row, head.dataset.c).firstChild.data);
    return [name(row), ...values].join(", ");
  }

  // The one point that the Tab key reaches; the arrow keys go on from it in the order of seconds.
  function reach(point, focus) {
    if (stop) stop.removeAttribute("tabindex");
    stop = point;
    point.setAttribute("tabindex", "0");
    point.setAttribute("role", "button");
    point.setAttribute("aria-label", label(point));
    if (focus) point.focus();
  }

  function open(place) {
    const row = byNumber[Number(place)];
    const button = row.querySelector(".open");
    document.dispatchEvent(new CustomEvent("reveal", { detail: row }));
    if (button.getAttribute("aria-expanded") !== "true") button.click();
    row.scrollIntoView({ block: "center", behavior: "auto" });
    button.focus({ preventScroll: true });
    light(place);
  }

  const placeOf = (event) => {
    const found = event.target.closest("[data-p]");
    return found ? found.dataset.p : null;
  };
  const figure = plot.closest("figure");
  figure.addEventListener("pointerover", (event) => placeOf(event) !== null && light(placeOf(event)));
  figure.addEventListener("focusin", (event) => placeOf(event) !== null && light(placeOf(event)));
  figure.addEventListener("click", (event) => placeOf(event) !== null && open(placeOf(event)));
  plot.addEventListener("keydown", (event) => {
    const point = event.target.closest("g[data-p]");
    if (!point) return;
    const seen = inOrder.filter((each) => !each.hasAttribute("hidden"));
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const next = seen[seen.indexOf(point) + step];
      if (next) reach(next, true);
    } else if (event.key === "Enter" || event.key === " ") open(point.dataset.p);
    else return;
    event.preventDefault();
  });
  const body = document.getElementById("rows");
  for (const kind of ["pointerover", "focusin"]) {
    body.addEventListener(kind, (event) => {
      const row = event.target.closest("tr[data-n]");
      if (row && byPlace.has(row.dataset.n)) light(row.dataset.n);
    });
  }
  document.addEventListener("filtered", () => {
    for (const point of points) point.toggleAttribute("hidden", byNumber[Number(point.dataset.p)].hidden);
    const seen = inOrder.find((point) => !point.hasAttribute("hidden"));
    if (seen) reach(seen, false);
  });
  reach(inOrder[0], false);
})();
