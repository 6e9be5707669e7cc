"use strict";
// What a row opens to, made of plain values when it is first opened; every text is set as text, never as HTML.
const Details = (() => {
  let known = null;

  function element(tag, text, kind) {
    const made = document.createElement(tag);
    if (text !== undefined && text !== null) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function number(value) {
    if (value === null || value === undefined) return "–";
    if (typeof value === "string") return value;
    return Math.abs(value) < 100 ? value.toFixed(4) : value.toFixed(1);
  }

  function table(headers, lines, texts) {
    const made = element("table", null, "small");
    const head = made.createTHead().insertRow();
    headers.forEach((name, n) => {
      const cell = element("th", name, n < texts ? "text" : "number");
      cell.scope = "col";
      head.append(cell);
    });
    const body = made.createTBody();
    for (const line of lines) {
      const row = body.insertRow();
      line.forEach((value, n) => row.append(element("td", value, n < texts ? "text" : "number")));
    }
    return made;
  }

  function section(title, ...content) {
    const made = element("section");
    made.append(element("h3", title), ...content);
    return made;
  }

  function scroll(content) {
    const made = element("div", null, "scroll");
    made.tabIndex = 0;
    made.append(content);
    return made;
  }

  function list(lines) {
    const made = element("ul");
    for (const line of lines) made.append(element("li", line));
    return made;
  }

  function pairs(lines) {
    const made = element("dl");
    for (const [name, text] of lines) made.append(element("dt", name), element("dd", text));
    return made;
  }

  function build(number_of_row) {
    known = known || JSON.parse(document.getElementById("details").textContent);
    const row = known.rows[number_of_row];
    const made = element("div", null, "detail");
    const parts = known.parts.map(([title]) => title);
    const count = (value) => number(value === null ? null : String(value));
    const line = (name, found) => [name, ...found.map((value, n) => (known.parts[n][1] === "count" ? count : number)(value))];
    const scores = [
      ...row.scores.map(([metric, ...found]) => line(known.metrics[metric], found)),
      ...row.seconds.map(([name, ...found]) => line(name + " seconds", found)),
    ];
    const rest = element("div", null, "rest");
    if (scores.length) made.append(section("All metrics", scroll(table(["metric", ...parts], scores, 1))));
    if (row.params.length) rest.append(section("Parameters", pairs(row.params)));
    if (row.notes.length) rest.append(section("Notes", list(row.notes)));
    if (row.flags.length) rest.append(section("Flags", pairs(row.flags)));
    if (row.curves.length) {
      rest.append(section("Choice of K", scroll(table(["criterion", "K tried", "K chosen"], row.curves, 3))));
    }
    if (rest.childElementCount) made.append(rest);
    if (row.runs.length) {
      const seeds = (value) => (value === null ? "–" : String(value));
      const lines = row.runs.map(([first, second, ...values]) => [seeds(first), seeds(second), ...values.map(number)]);
      const headers = ["encoder seed", "clusterer seed", ...known.metrics];
      const whole = section("Each run", scroll(table(headers, lines, 2)));
      whole.className = "whole";
      made.append(whole);
    }
    return made;
  }

  return { build };
})();
