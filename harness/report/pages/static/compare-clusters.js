// Clusters of all runs in one set of colours: of the classes in the first run, of the first run in the others.
const Clusters = (() => {
  const { make, whole, share, swatch, wrap, heat } = Parts;
  const LOOKS = 20;

  // Give every run its links to the first, and every cluster a colour and a place in the order of these.
  function arrange(shared, runs) {
    const first = runs[0];
    for (const run of runs) {
      run.link = run !== first && run.labels && first.labels ? Matching.between(first, run) : null;
      if (run.labels) run.classOf = run.pairs && new Map(run.pairs.map(([group, cluster]) => [cluster, group]));
    }
    let next = shared.classes.length;
    const bySize = (run) => run.names.map((_, n) => n).sort((one, two) => run.sizes[two] - run.sizes[one] || one - two);
    for (const run of runs.filter((each) => each.labels)) {
      run.colour = Array(run.names.length).fill(-1);
      if (run === first || !first.labels) {
        for (const [cluster, group] of run.classOf || []) run.colour[cluster] = group;
      } else {
        run.link.back.forEach((cluster, n) => cluster >= 0 && (run.colour[n] = first.colour[cluster]));
      }
      for (const cluster of bySize(run)) if (run.colour[cluster] < 0) run.colour[cluster] = next++;
      run.order = run.names.map((_, n) => n).sort((one, two) => run.colour[one] - run.colour[two]);
      run.look = (cluster) => shared.look(run.colour[cluster]);
    }
    const colours = next <= shared.colours.few.length ? shared.colours.few : shared.colours.many;
    shared.look = (group) => (group < LOOKS ? { colour: colours[group % colours.length], ring: group >= colours.length } : { colour: "var(--dim)", ring: false });
  }

  function maps(shared, runs, chosen, faded) {
    const map = shared.maps[chosen];
    const some = runs.filter((run) => run.labels);
    const shownOf = (values) => shared.shown.map((n) => values[n]);
    const gallery = make("div", { class: "gallery maps" });
    if (shared.truth) {
      gallery.append(Maps.panel({
        title: "Classes", note: `The ${shared.classes.length} true classes.`, map, groups: shownOf(shared.truth),
        looks: shared.look, names: (group) => short(shared.classes[group]), strong: null,
      }));
    }
    for (const run of some) {
      const links = run.link ? [run.link] : some.map((each) => each.link).filter(Boolean);
      const moved = shared.order.map((n) => links.some((link) => link.moved[n]));
      const count = moved.filter(Boolean).length;
      const told = run.link ? `${whole(count)} of ${whole(moved.length)} samples are in another cluster than in A` : `${whole(count)} of ${whole(moved.length)} samples are in another cluster in ${links.length > 1 ? "some run" : "B"}`;
      gallery.append(Maps.panel({
        title: `${run.letter}: ${run.name}`, note: `${told}.`, map, groups: shownOf(run.labels), looks: run.look,
        names: (group) => String(run.names[group]), strong: faded ? shownOf(moved) : null,
      }));
    }
    return gallery;
  }

  const short = (name) => (name.length > 14 ? `${name.slice(0, 13)}…` : name);

  function mapSection(shared, runs, state, change) {
    const made = make("section", { id: "maps" }, make("h2", { text: "Maps" }));
    if (!shared.maps.length) {
      made.append(matched(shared, runs), make("p", { class: "dim", text: `No map: ${Object.values(shared.missing)[0] || "the report was written without maps"}.` }));
      return made;
    }
    const tick = make("input", { type: "checkbox", id: "fade", checked: state.faded });
    tick.addEventListener("change", () => change({ faded: tick.checked }));
    const controls = make("p", { class: "choose" }, make("label", { class: "check" }, tick, " Fade the samples that stayed"));
    if (shared.maps.length > 1) {
      const select = make("select", { id: "method" }, shared.maps.map((each, n) => make("option", { value: n, selected: n === state.map, text: each.name })));
      select.addEventListener("change", () => change({ map: Number(select.value) }));
      controls.prepend(make("label", {}, "Map by ", select), " ");
    }
    const of = `The same ${whole(shared.shown.length)} samples at the same places in each: the input laid out by ${shared.maps[state.map].name}, not an embedding. ${shared.maps[state.map].caveat}`;
    made.append(controls, maps(shared, runs, state.map, state.faded), make("p", { class: "small dim", text: of }), matched(shared, runs));
    return made;
  }

  // A line for each colour: which clusters of the runs it stands for, and how many samples are in all of these.
  function matched(shared, runs) {
    const some = runs.filter((run) => run.labels);
    if (!some.length) return "";
    const groups = [...new Set(some.flatMap((run) => run.colour))].sort((one, two) => one - two);
    const cell = (run, group) => {
      const cluster = run.colour.indexOf(group);
      return cluster < 0 ? make("td", { class: "number dim", text: "–" }) : make("td", { class: "number" }, `${run.names[cluster]} `, make("span", { class: "dim", text: `(${whole(run.sizes[cluster])})` }));
    };
    const all = (group) => shared.order.filter((n) => some.every((run) => run.labels[n] >= 0 && run.colour[run.labels[n]] === group)).length;
    const shown = groups.slice(0, 30);
    const head = make("tr", {}, make("th", { scope: "col", text: shared.truth ? "class" : "colour" }), some.map((run) => make("th", { scope: "col", class: "number", text: run.letter })), make("th", { scope: "col", class: "number", text: "in all" }));
    const body = make("tbody", {}, shown.map((group) => make("tr", {}, make("th", { scope: "row" }, swatch(shared.look(group)), shared.classes[group] || (shared.truth ? "none" : `${group - shared.classes.length + 1}`)),
      some.map((run) => cell(run, group)), make("td", { class: "number", text: whole(all(group)) }))));
    if (some.some((run) => run.noise)) body.append(make("tr", {}, make("th", { scope: "row", text: "noise" }), some.map((run) => make("td", { class: "number", text: whole(run.noise) })), make("td", { class: "number", text: "" })));
    const more = groups.length > 30 ? ` The first 30 of ${groups.length} are shown.` : "";
    const caption = `The numbers of the clusters on the maps, and their sizes: clusters that are matched have one colour.${more}`;
    return wrap("Matched clusters", make("table", { class: "confusion matched" }, make("caption", {}, make("span", { text: caption })), make("thead", {}, head), body));
  }

  function confusion(shared, runs) {
    const some = runs.filter((run) => run.confusion);
    if (!some.length || !shared.classes.length) return null;
    return make("section", { id: "confusion" }, make("h2", { text: "Classes and clusters" }),
      make("p", { class: "small", text: "Each row is a class, each column a cluster, matched clusters in the same order and colour; the darker, the larger the share of the class. Framed numbers count as right: each run's clusters are matched with the classes one to one." }),
      make("div", { class: "flow" }, some.map((run) => matrix(shared, run))));
  }

  function matrix(shared, run) {
    const columns = [...run.order, ...(run.noise ? [-1] : [])];
    const counts = shared.classes.map(() => columns.map(() => 0));
    const at = new Map(columns.map((cluster, n) => [cluster, n]));
    for (let n = 0; n < run.confusion.length; n += 3) {
      const [group, cluster, count] = run.confusion.slice(n, n + 3);
      counts[group][at.get(cluster)] = count;
    }
    const own = shared.classes.map((_, group) => run.pairs.filter(([each]) => each === group).map(([, cluster]) => at.get(cluster))[0]);
    const sums = counts.map((line) => line.reduce((total, n) => total + n, 0));
    return heat({
      label: `Confusion matrix of ${run.letter}`,
      caption: `${run.letter}: ${run.name}. ${whole(run.right)} of ${whole(run.known)} right, ${share(run.right, run.known)}`,
      corner: "class", rows: shared.classes.map((name, group) => ({ name, look: shared.look(group) })),
      columns: columns.map((cluster) => (cluster < 0 ? { name: "noise" } : { name: String(run.names[cluster]), look: run.look(cluster) })),
      counts, own, last: run.noise ? 1 : 0,
      totals: { title: "right", texts: counts.map((line, n) => share(own[n] === undefined ? 0 : line[own[n]], sums[n])) },
    });
  }

  return { arrange, mapSection, confusion };
})();
