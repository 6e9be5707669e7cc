// The runs that are compared, one card each, with what changes the choice.
const Choosing = (() => {
  const { make } = Parts;

  function button(id, text, label, act) {
    const made = make("button", { type: "button", id, text, "aria-label": label });
    made.addEventListener("click", act);
    return made;
  }

  // The runs of the row that a run belongs to.
  const rowOf = (shared, run) => shared.choices.find(([, , runs]) => runs.some(([id]) => id === run.id))[2];

  function seeds(shared, runs, n, go) {
    const own = runs[n];
    const others = rowOf(shared, own);
    if (others.length < 2) return make("span", { class: "dim", text: own.seed });
    const taken = new Set(runs.map((run) => run.id));
    const select = make("select", { id: `seed-${own.letter}`, "aria-label": `Seed of ${own.letter}` }, others.map(([id, seed, status, clustered]) =>
      make("option", { value: id, selected: id === own.id, disabled: id !== own.id && (taken.has(id) || !clustered), text: status === "ok" ? seed : `${seed} (${status})` })));
    select.addEventListener("change", () => go(runs.map((run, place) => (place === n ? select.value : run.id))));
    return select;
  }

  function card(shared, runs, n, go, inside) {
    const own = runs[n];
    const name = `${own.encoder} + ${own.clusterer}`;
    const ids = runs.map((run) => run.id);
    const others = ids.filter((id) => id !== own.id);
    const bar = make("span", { class: "acts" }, inside ? make("span", { class: "dim", text: own.seed }) : seeds(shared, runs, n, go),
      n ? button(`first-${own.letter}`, "Make A", `Compare the others with ${own.letter}, ${own.name}`, () => go([own.id, ...others])) : null,
      runs.length > 2 ? button(`without-${own.letter}`, "Remove", `Remove ${own.letter}, ${own.name}`, () => go(others)) : null);
    const ended = own.labels ? null : make("p", { class: "small bad", text: `No clusters: ${own.status}${own.reason ? `, ${own.reason}` : ""}` });
    return make("li", {}, make("b", { class: "letter", text: own.letter }), make("div", {},
      make("p", { class: "who" }, inside ? name : make("a", { href: own.page, text: name }), make("span", { class: "dim", text: own.k ? ` K ${own.k}` : "" })), ended, bar));
  }

  function more(shared, runs, go) {
    const taken = new Set(runs.map((run) => run.id));
    const select = make("select", { id: "add" }, make("option", { value: "", text: "choose a row" }), shared.choices.map(([name, k, found]) => {
      const free = found.find(([id, , , clustered]) => clustered && !taken.has(id));
      return free ? make("option", { value: free[0], text: k ? `${name}, K ${k}` : name }) : null;
    }));
    select.addEventListener("change", () => select.value && go([...taken, select.value]));
    return make("p", { class: "choose" }, make("label", {}, "Add a run ", select));
  }

  function cards(shared, runs, go, inside, most) {
    const list = make("ol", { class: "runs", "aria-label": "Runs that are compared" }, runs.map((_, n) => card(shared, runs, n, go, inside)));
    return make("div", {}, list, inside || runs.length >= most ? null : more(shared, runs, go));
  }

  return { cards };
})();
