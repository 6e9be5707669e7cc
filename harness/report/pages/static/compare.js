// Which runs are compared stands in the address, #runs=ID,ID; what is known of a run is read from its own script.
const Compare = (() => {
  const { make, whole } = Parts;
  const MOST = 6;
  const LETTERS = "ABCDEF";
  const known = new Map();
  const state = { map: 0, faded: true };
  let shared = null;
  let failures = [];

  const get = (id) => document.getElementById(id);
  const FOLDED = { 8: Int8Array, 16: Int16Array, 32: Int32Array };

  function unpack(found) {
    if (!found) return null;
    const bytes = Uint8Array.from(atob(found.text), (letter) => letter.charCodeAt(0));
    return Array.from(new FOLDED[found.bits](bytes.buffer));
  }

  function samples(given) {
    const rows = unpack(given.rows);
    const count = rows ? rows.length : given.n;
    const order = Array.from({ length: count }, (_, n) => n);
    const shown = unpack(given.shown) || order;
    const places = new Map(shown.map((n, place) => [n, place]));
    shared = {
      ...given, order, shown, sampled: Boolean(rows), truth: unpack(given.truth),
      maps: given.maps.map((map) => ({ ...map, x: unpack(map.x), y: unpack(map.y) })),
      rowOf: (n) => (rows ? rows[n] : n),
      placeOf: (n) => (places.has(n) ? places.get(n) : -1),
      className: (group) => (group < 0 ? "no known class" : `class ${given.classes[group]}`),
    };
    state.map = Math.max(0, shared.maps.findIndex((map) => map.name !== "PCA"));
    if (!given.images) return;
    document.head.append(make("style", { text: `.thumb{background-image:url("${given.images.uri}")}` }));
  }

  function run(given) {
    const { clusters, ...rest } = given;
    known.set(given.id, { ...rest, ...clusters, labels: clusters ? unpack(clusters.labels) : null });
  }

  // The ids in the address that this page has, by default the first two of the leaderboard.
  function wanted() {
    const ids = new Set(shared.choices.flatMap(([, , runs]) => runs.map(([id]) => id)));
    const asked = new URLSearchParams(location.hash.slice(1)).get("runs");
    const list = [...new Set((asked || "").split(",").filter(Boolean))];
    failures = list.filter((id) => !ids.has(id)).map((id) => `Run ${id} is not on this leaderboard.`);
    const found = list.filter((id) => ids.has(id));
    if (found.length > MOST) failures.push(`At most ${MOST} runs are compared; the rest are left out.`);
    if (asked !== null) return found.slice(0, MOST);
    if (known.size) return [...known.keys()].slice(0, MOST);
    return shared.choices.map(([, , runs]) => (runs.find(([, , , clustered]) => clustered) || [])[0]).filter(Boolean).slice(0, 2);
  }

  const go = (ids) => (location.hash = `runs=${ids.join(",")}`);

  function load(id) {
    if (known.has(id)) return Promise.resolve();
    return new Promise((resolve) => {
      const script = make("script", { src: `cell-${id}.js` });
      script.onload = resolve;
      script.onerror = () => {
        failures.push(`Missing cell-${id}.js. Copy the whole report folder, or run harness report again.`);
        resolve();
      };
      document.head.append(script);
    });
  }

  async function show() {
    const ids = wanted();
    await Promise.all(ids.map(load));
    const runs = ids.filter((id) => known.has(id)).map((id, n) => ({ ...known.get(id), letter: LETTERS[n] }));
    for (const each of runs) each.name = `${each.encoder} + ${each.clusterer}, ${each.seed}`;
    draw(runs);
  }

  function draw(runs) {
    const focus = document.activeElement && document.activeElement.id;
    const inside = get("compared").dataset.inside === "yes";
    get("message").textContent = failures.join(" ");
    get("chosen").replaceChildren(Choosing.cards(shared, runs, go, inside, MOST));
    const all = [];
    if (runs.length >= 2) {
      Clusters.arrange(shared, runs);
      all.push(make("div", { class: "againsts" }, runs.slice(1).map((each) => Moves.summary(shared, runs[0], each, shared.main))));
      all.push(Scores.section(runs, shared.main));
      if (runs.some((each) => each.labels)) all.push(Clusters.mapSection(shared, runs, state, (change) => draw(runs, Object.assign(state, change))));
      all.push(Moves.section(shared, runs), Moves.agreement(runs));
      all.push(Clusters.confusion(shared, runs), reading());
    } else all.push(make("p", { text: "Choose two runs or more to compare them." }));
    get("compared").replaceChildren(...all.filter(Boolean));
    if (focus && get(focus)) get(focus).focus();
  }

  function reading() {
    const about = shared.order.length;
    const rows = shared.sampled
      ? `Clusters are compared on a fixed sample of ${whole(about)} of ${whole(shared.n)} rows; scores and matrices of classes and clusters are of all rows. harness compare --html compares all rows.`
      : shared.shown.length < about ? `All counts are of all ${whole(about)} rows; maps and images show a fixed sample of ${whole(shared.shown.length)} of them.` : `All ${whole(about)} scored rows are compared.`;
    const lines = [rows,
      "Moved: clusters of a run are matched with those of A one to one, so that as many samples as possible stay (the Hungarian method). A sample stays if its two clusters are matched, or if it is noise in both. Which number a cluster has means nothing.",
      "The adjusted Rand index counts pairs of samples and needs no matching; noise is one group of its own.",
      "Two runs of one row differ by their seeds alone: compare these to see how much of a difference is chance.",
      `Whether rows differ by more than chance is computed by harness compare '${shared.dataset}.${shared.protocol}'.`];
    return make("section", { class: "notes" }, make("h2", { text: "How to read this" }), make("ul", {}, lines.map((text) => make("li", { text }))));
  }

  function start() {
    if (!shared) {
      get("message").textContent = "Missing compare.js. Copy the whole report folder, or run harness report again.";
      return;
    }
    window.addEventListener("hashchange", show);
    show();
  }

  return { samples, run, start };
})();
