// Elements of the comparing page; every text is set as text, never as HTML.
const Parts = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const MOST = 30; // clusters that have a row or column of their own

  function make(tag, about, ...content) {
    const { text, ...rest } = about || {};
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(rest)) {
      if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    if (text !== undefined) made.textContent = text;
    made.append(...content.flat(Infinity).filter((each) => each !== null && each !== undefined));
    return made;
  }

  function drawn(tag, about, ...content) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(about)) made.setAttribute(name, value);
    made.append(...content);
    return made;
  }

  const whole = (n) => n.toLocaleString("en");
  const share = (part, all) => (all ? `${((100 * part) / all).toFixed(1)}%` : "–");
  const samples = (n) => `${whole(n)} ${n === 1 ? "sample" : "samples"}`;
  const number = (value) => (value === null || value === undefined ? "–" : value.toFixed(Math.abs(value) < 100 ? 4 : 1).replace("-", "−"));
  const signed = (value) => `${value < 0 ? "−" : "+"}${number(Math.abs(value))}`;

  // A box that scrolls sideways where a table is wider than the page.
  function wrap(label, table) {
    return make("div", { class: "wrap short fit", tabindex: "0", role: "region", "aria-label": label }, table);
  }

  function swatch(look) {
    const made = make("span", { class: `swatch${look.ring ? " ring" : ""}`, "aria-hidden": "true" });
    made.style.setProperty("--own", look.colour);
    return made;
  }

  // A table of counts: the rest beyond the thirtieth row or column is summed up, columns `last` stay at the end.
  function heat({ label, caption, corner, rows, columns, counts, own, last = 0, totals }) {
    const fold = (list) => (list.length > MOST + last ? [list.slice(0, MOST), list.slice(MOST, list.length - last)] : [list, []]);
    const [shown, rest] = fold(columns.map((_, n) => n));
    const ends = rest.length ? columns.map((_, n) => n).slice(columns.length - last) : [];
    const sum = (line, some) => some.reduce((total, n) => total + line[n], 0);
    const lines = counts.map((line) => [
      ...shown.map((n) => line[n]), ...(rest.length ? [sum(line, rest)] : []), ...ends.map((n) => line[n]),
    ]);
    const heads = [...shown.map((n) => columns[n]), ...(rest.length ? [{ name: `${rest.length} more` }] : []), ...ends.map((n) => columns[n])];
    const hidden = rows.length > MOST ? rows.length - MOST : 0;
    const head = make("tr", {}, make("th", { scope: "col", text: corner }), heads.map((each) =>
      make("th", { scope: "col", class: "number" }, each.look ? swatch(each.look) : null, each.name, each.note ? make("span", { class: "scale", text: each.note }) : null)));
    if (totals) head.append(make("th", { scope: "col", class: "number", text: totals.title }));
    const body = make("tbody", {}, lines.slice(0, MOST).map((line, row) => {
      const all = line.reduce((total, n) => total + n, 0);
      const made = make("tr", {}, make("th", { scope: "row" }, rows[row].look ? swatch(rows[row].look) : null, rows[row].name));
      line.forEach((count, column) => {
        const cell = make("td", { class: `number${column === own[row] ? " own" : ""}`, text: count ? whole(count) : "" });
        if (count) cell.style.setProperty("--s", (count / all).toFixed(3));
        made.append(cell);
      });
      if (totals) made.append(make("td", { class: "number", text: totals.texts[row] }));
      return made;
    }));
    const more = hidden ? ` The first ${MOST} of ${rows.length} rows are shown.` : "";
    return wrap(label, make("table", { class: "confusion" }, make("caption", {}, make("span", { text: caption + more })), make("thead", {}, head), body));
  }

  return { make, drawn, whole, share, samples, number, signed, wrap, swatch, heat };
})();
