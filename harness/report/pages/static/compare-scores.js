// The scores of runs beside each other, and their differences to the first.
const Scores = (() => {
  const { make, number, signed, wrap } = Parts;
  const find = (run, name) => run.scores.find((each) => each.name === name) || null;

  // Why scores of two runs cannot be held against each other; empty if they can.
  function apart(one, two, run, other) {
    if (one.code !== two.code) return "another version of the metric";
    return one.own && run.encoder !== other.encoder ? "another embedding" : "";
  }

  const sameRow = (one, two) => one.encoder === two.encoder && one.clusterer === two.clusterer && one.k === two.k;

  // Return by how much another run's row is above the first's in a metric, and the runs themselves; or why not.
  function difference(name, first, other) {
    const [one, two] = [find(first, name), find(other, name)];
    const why = one && two ? apart(one, two, first, other) : "";
    const gap = (key) => (why || !one || !two || one[key] === null || two[key] === null ? null : two[key] - one[key]);
    const same = sameRow(first, other); // whose mean is one and the same, so that the runs alone differ
    return { value: gap(same ? "run" : "mean"), run: same ? null : gap("run"), same, why };
  }

  const better = (value, direction) => (!value || !direction ? "" : value > 0 === (direction === "higher") ? "better" : "worse");

  // Which runs have the best mean, among scores that can be held against each other.
  function best(name, runs) {
    const found = runs.map((run) => find(run, name));
    const known = found.filter((each) => each && each.mean !== null);
    if (known.length < 2 || !known[0].direction) return [];
    const first = found.indexOf(known[0]);
    if (found.some((each, n) => each && apart(known[0], each, runs[first], runs[n]))) return [];
    const top = Math[known[0].direction === "higher" ? "max" : "min"](...known.map((each) => each.mean));
    return found.map((each) => Boolean(each) && each.mean === top);
  }

  function cell(score, top) {
    if (!score) return make("td", { class: "number", text: "–" });
    const spread = score.std === null ? "" : ` ± ${number(score.std)}`;
    return make("td", { class: `number${top ? " best" : ""}` }, number(score.mean), top ? make("span", { class: "unseen", text: " best" }) : null,
      make("span", { class: "spread", text: spread }), make("span", { class: "scale", text: score.n > 1 ? `${score.n} runs; this ${number(score.run)}` : "one run" }));
  }

  function gap(name, first, other) {
    const { value, run, same, why } = difference(name, first, other);
    if (why) return make("td", { class: "number dim", text: why });
    if (value === null) return make("td", { class: "number", text: "–" });
    const told = better(value, find(first, name).direction);
    return make("td", { class: "number gap" }, signed(value), make("span", { class: "spread", text: told ? ` ${told}` : "" }),
      make("span", { class: "scale", text: same ? "these runs, of one row" : run === null ? "" : `these runs ${signed(run)}` }));
  }

  function table(names, runs, label) {
    const [first, ...others] = runs;
    const about = (run) => (runs.length > 3 ? null : make("span", { class: "scale long", text: run.name }));
    const head = make("tr", {}, make("th", { scope: "col", text: "metric" }), make("th", { scope: "col", class: "number" }, "A", about(first)),
      others.map((run) => [make("th", { scope: "col", class: "number" }, run.letter, about(run)), make("th", { scope: "col", class: "number" }, `${run.letter} − A`)]));
    const body = make("tbody", {}, names.map((name) => {
      const top = best(name, runs);
      const known = runs.map((run) => find(run, name)).find(Boolean);
      const sign = known.direction ? [make("span", { class: "dim", text: known.direction === "higher" ? " ↑" : " ↓" }), make("span", { class: "unseen", text: `, ${known.direction} is better` })] : [];
      return make("tr", {}, make("th", { scope: "row" }, name, sign), cell(find(first, name), top[0]),
        others.map((run, n) => [cell(find(run, name), top[n + 1]), gap(name, first, run)]));
    }));
    const caption = make("caption", {}, make("span", { text: "Mean ± sample standard deviation over the runs of a row, and the run that is shown. Differences are to A, of the means where the rows are not the same; the best mean is bold." }));
    return wrap(label, make("table", { class: "scores" }, caption, make("thead", {}, head), body));
  }

  // Return the metrics that are seen at first, and all.
  function names(runs, main) {
    const all = [...new Set(runs.flatMap((run) => run.scores.map((each) => each.name)))];
    const first = main.filter((name) => all.includes(name));
    return [first.length ? first : all.slice(0, 3), all];
  }

  function section(runs, main) {
    const [first, all] = names(runs, main);
    const made = make("section", { id: "scores" }, make("h2", { text: "Scores" }));
    if (!all.length) return make("section", {}, make("h2", { text: "Scores" }), make("p", { text: "These runs have no scores." }));
    made.append(table(first, runs, "Scores"));
    if (all.length > first.length) {
      made.append(make("details", { class: "more" }, make("summary", { text: `All ${all.length} metrics` }), table(all, runs, "All metrics")));
    }
    return made;
  }

  return { section, difference, better, names };
})();
