// Which samples moved from a cluster of the first run to another of the next, and what that did.
const Moves = (() => {
  const { make, whole, share, samples, number, signed, wrap, heat } = Parts;
  const FLOWS = 8;
  const THUMBS = 12;
  const OFTEN = 40;

  // Return how many samples of known class are right in both runs, in one alone, and in neither.
  function rights(shared, first, other) {
    if (!shared.truth || !first.classOf || !other.classOf) return null;
    const found = { both: 0, first: 0, other: 0, neither: 0, known: 0 };
    shared.truth.forEach((truth, n) => {
      if (truth < 0) return;
      const [one, two] = [first, other].map((run) => run.classOf.get(run.labels[n]) === truth);
      found[one ? (two ? "both" : "first") : two ? "other" : "neither"]++;
      found.known++;
    });
    return found;
  }

  function facts(pairs) {
    return make("dl", { class: "facts big" }, pairs.map(([name, text, note]) =>
      make("div", {}, make("dt", { text: name }), make("dd", {}, text, note ? make("span", { class: "scale", text: note }) : null))));
  }

  // The answer in short, for each run beside the first.
  function summary(shared, first, other, main) {
    const link = other.link;
    const found = [];
    const [leading] = Scores.names([first, other], main)[0];
    if (leading) {
      const { value, run, same, why } = Scores.difference(leading, first, other);
      const known = first.scores.find((each) => each.name === leading) || {};
      const title = same ? `${leading} of these runs` : `mean ${leading} of the row`;
      const note = [value === null ? "" : Scores.better(value, known.direction), run === null ? "" : `these runs ${signed(run)}`];
      if (value !== null) found.push([title, signed(value), note.filter(Boolean).join("; ")]);
      else if (why) found.push([title, "–", why]);
    }
    if (link) {
      found.push(["moved to another cluster", share(link.count, link.moved.length), `${whole(link.count)} of ${samples(link.moved.length)}`]);
      found.push(["adjusted Rand index", number(link.rand), "1: the same clusters"]);
      const right = rights(shared, first, other);
      if (right) found.push([`right in ${other.letter} alone`, whole(right.other), `${whole(right.first)} in A alone`]);
    }
    return make("section", { class: "against", "aria-label": `${other.letter} against A` },
      make("h2", {}, `${other.letter} against A`, make("span", { class: "dim", text: ` ${other.name}` })), facts(found));
  }

  function thumb(shared, n) {
    const place = shared.placeOf(n);
    const name = `sample ${shared.rowOf(n)}${shared.truth ? `, ${shared.className(shared.truth[n])}` : ""}`;
    if (!shared.images || place < 0) return null;
    const { width, height, columns } = shared.images;
    const scale = Math.max(1, Math.round(36 / Math.max(width, height)));
    const made = make("span", { class: `thumb${scale > 1 ? " coarse" : ""}`, role: "img", "aria-label": name, title: name });
    Object.assign(made.style, {
      width: `${width * scale}px`, height: `${height * scale}px`, backgroundSize: `${columns * width * scale}px auto`,
      backgroundPosition: `${-(place % columns) * width * scale}px ${-Math.floor(place / columns) * height * scale}px`,
    });
    return made;
  }

  // Images of some samples, or their numbers where there are none.
  function strip(shared, rows, most) {
    const images = [];
    for (const n of rows) {
      if (images.length === most) break;
      const image = thumb(shared, n);
      if (image) images.push(image);
    }
    const left = rows.length - images.length;
    if (images.length) return make("div", { class: "strip" }, images, left ? make("span", { class: "dim", text: `and ${whole(left)} more` }) : null);
    const shown = rows.slice(0, most).map((n) => shared.rowOf(n)).join(", ");
    return make("p", { class: "small dim", text: `Samples ${shown}${rows.length > most ? ` and ${whole(rows.length - most)} more` : ""}` });
  }

  // Of which class most of some samples are.
  function mostly(shared, rows) {
    if (!shared.truth) return "";
    const counts = new Map();
    rows.forEach((n) => counts.set(shared.truth[n], (counts.get(shared.truth[n]) || 0) + 1));
    const [top, count] = [...counts].sort((one, two) => two[1] - one[1])[0];
    return `${count === rows.length ? "all" : whole(count)} of ${shared.className(top)}`;
  }

  const named = (run, group) => (group < 0 ? "noise" : `cluster ${run.names[group]}`);

  function flows(shared, first, other) {
    const found = new Map();
    other.link.moved.forEach((moved, n) => {
      if (!moved) return;
      const key = `${first.labels[n]} ${other.labels[n]}`;
      found.set(key, [...(found.get(key) || []), n]);
    });
    const sorted = [...found].sort((one, two) => two[1].length - one[1].length);
    const list = make("ol", { class: "flows" }, sorted.slice(0, FLOWS).map(([key, rows]) => {
      const [from, to] = key.split(" ").map(Number);
      return make("li", {}, make("p", {}, make("b", { text: samples(rows.length) }), ` from A’s ${named(first, from)} to ${other.letter}’s ${named(other, to)}`,
        shared.truth ? make("span", { class: "dim", text: `, ${mostly(shared, rows)}` }) : null), strip(shared, rows, THUMBS));
    }));
    const left = sorted.length - FLOWS;
    return make("div", { class: "moves" }, make("h3", { text: left > 0 ? `The ${FLOWS} largest of ${sorted.length} moves` : "All moves" }), list);
  }

  function crossing(first, other) {
    const { counts } = other.link;
    const rows = [...first.order, ...(first.noise ? [-1] : [])];
    const columns = [...other.order, ...(other.noise ? [-1] : [])];
    const at = (run, group) => (group < 0 ? run.names.length : group);
    const head = (run) => (group) => ({ name: group < 0 ? "noise" : String(run.names[group]), look: group < 0 ? null : run.look(group) });
    return heat({
      label: `Clusters of A and of ${other.letter}`,
      caption: `Each row is a cluster of A, each column one of ${other.letter}. Framed samples stay: the clusters are matched. All others moved.`,
      corner: `A \\ ${other.letter}`,
      rows: rows.map(head(first)),
      columns: columns.map(head(other)),
      counts: rows.map((row) => columns.map((column) => counts[at(first, row)][at(other, column)])),
      own: rows.map((row) => columns.indexOf(row < 0 ? -1 : other.link.partner[row] < 0 ? NaN : other.link.partner[row])),
      last: other.noise ? 1 : 0,
      totals: { title: "moved", texts: rows.map((row) => moved(first, other, row)) },
    });
  }

  function moved(first, other, row) {
    let [all, gone] = [0, 0];
    first.labels.forEach((group, n) => {
      if (group !== row) return;
      all++;
      gone += other.link.moved[n];
    });
    return share(gone, all);
  }

  // The samples that moved in most of the runs.
  function often(shared, others) {
    const times = Array.from(shared.order, (n) => others.filter((run) => run.link.moved[n]).length);
    const rows = shared.order.filter((n) => times[n]).sort((one, two) => times[two] - times[one] || one - two);
    if (others.length < 2 || !rows.length) return null;
    const every = rows.filter((n) => times[n] === others.length).length;
    return make("div", {}, make("h3", { text: "Samples that moved most often" }),
      make("p", { class: "small", text: `${samples(rows.length)} moved in at least one run, ${whole(every)} in all ${others.length}.` }), strip(shared, rows, OFTEN));
  }

  function section(shared, runs) {
    const [first, ...rest] = runs;
    const others = rest.filter((run) => run.link);
    if (!others.length) return null;
    const pair = (run) => (run.link.count ? make("div", { class: "flow" }, crossing(first, run), flows(shared, first, run)) : make("p", { text: `No sample moved from A to ${run.letter}: the clusters are the same.` }));
    const told = (run) => `From A to ${run.letter}: ${samples(run.link.count)} moved`;
    const pairs = others.length === 1 ? pair(others[0]) : others.map((run, n) => make("details", { class: "pair", open: !n }, make("summary", { text: told(run) }), pair(run)));
    return make("section", { id: "moved" }, make("h2", { text: "Which samples moved" }), pairs, often(shared, others));
  }

  // How each two runs agree, where there are more than two.
  function agreement(runs) {
    const some = runs.filter((run) => run.labels);
    if (some.length < 3) return null;
    const table = make("table", {}, make("caption", {}, make("span", { text: "Adjusted Rand index of each two runs, and the share of samples in another cluster." })),
      make("thead", {}, make("tr", {}, make("th", { scope: "col", text: "run" }), some.map((run) => make("th", { scope: "col", class: "number", text: run.letter })))),
      make("tbody", {}, some.map((one, row) => make("tr", {}, make("th", { scope: "row" }, `${one.letter} `, make("span", { class: "dim", text: one.name })), some.map((two, column) => {
        if (column <= row) return make("td", { class: "number dim", text: column === row ? "–" : "" });
        const link = Matching.between(one, two);
        return make("td", { class: "number" }, number(link.rand), make("span", { class: "scale", text: share(link.count, link.moved.length) }));
      })))));
    return make("section", {}, make("h2", { text: "Agreement of all runs" }), wrap("Agreement of all runs", table));
  }

  return { summary, section, agreement, rights };
})();
