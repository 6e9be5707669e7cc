// The same samples on the same map once for each run: a sample that moved changes its colour.
const Maps = (() => {
  const { make, drawn } = Parts;
  const WIDE = 1000; // units of the longer side
  const EDGE = 34;
  const LABELS = 20;

  // Return an element that shows points in groups; `strong` ones stand out, the others fade.
  function panel({ title, note, map, groups, looks, names, strong }) {
    const scale = WIDE / Math.max(...map.size);
    const [width, height] = map.size.map((side) => Math.max(side * scale, WIDE / 3) + 2 * EDGE);
    const at = (n) => [Math.round(map.x[n] * scale) + EDGE, Math.round(map.y[n] * scale) + EDGE];
    const size = Math.min(24, Math.max(8, 14 * Math.sqrt(1000 / Math.max(groups.length, 1))));
    const svg = drawn("svg", { viewBox: `0 0 ${Math.round(width)} ${Math.round(height)}`, role: "img", "aria-label": `${title}. ${note}` });
    const members = new Map();
    groups.forEach((group, n) => members.set(group, [...(members.get(group) || []), n]));
    const order = [...members.keys()].sort((one, two) => (one < 0) - (two < 0) ? (two < 0) - (one < 0) : members.get(two).length - members.get(one).length);
    for (const pass of strong ? [false, true] : [false]) {
      for (const group of order) {
        const some = members.get(group).filter((n) => !strong || strong[n] === pass);
        if (some.length) svg.append(...dots(some.map(at), group, looks(group), size, strong ? (pass ? "moved" : "stayed") : "dots-all"));
      }
    }
    for (const group of order.filter((each) => each >= 0).slice(0, LABELS)) {
      const [x, y] = middle(members.get(group).map(at));
      svg.append(drawn("text", { x, y, class: "name-of" }, names(group)));
    }
    return make("figure", { class: "picture map" }, make("h3", {}, title), svg, make("figcaption", { text: note }));
  }

  function dots(points, group, look, size, kind) {
    const cross = size / 3;
    const small = group < 0 ? (x, y) => `M${x - cross} ${y - cross}l${2 * cross} ${2 * cross}m0 ${-2 * cross}l${-2 * cross} ${2 * cross}` : (x, y) => `M${x} ${y}h0`;
    const d = points.map(([x, y]) => small(x, y)).join("");
    const wide = group < 0 ? 2.5 : size * (kind === "moved" ? 1.3 : 1);
    const own = drawn("path", { d, class: `points ${kind}${group < 0 ? " noise" : ""}`, "stroke-width": wide });
    if (group >= 0) own.style.stroke = look.colour;
    if (!look.ring || group < 0) return [own];
    return [own, drawn("path", { d, class: "points hole", "stroke-width": wide * 0.45 })];
  }

  // The point nearest to the median of some.
  function middle(points) {
    const half = (numbers) => [...numbers].sort((one, two) => one - two)[Math.floor(numbers.length / 2)];
    const [x, y] = [0, 1].map((axis) => half(points.map((point) => point[axis])));
    const far = (point) => (point[0] - x) ** 2 + (point[1] - y) ** 2;
    return points.reduce((best, point) => (far(point) < far(best) ? point : best));
  }

  return { panel };
})();
