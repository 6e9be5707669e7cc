"use strict";
// What a row opens to, made of plain values when it is first opened; every text is set as text, never as HTML.
const Details = (() => {
  let known = null;

  // Compressed JSON: unpacked while the page opens, without a request.
  async function unpack() {
    const letters = atob(document.getElementById("details").textContent);
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    known = JSON.parse(await new Response(unpacked).text());
  }

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

  function facts(lines) {
    const made = element("dl", null, "facts whole");
    lines.forEach((text, n) => {
      if (!text) return;
      const pair = element("div");
      pair.append(element("dt", known.facts[n]), element("dd", text));
      made.append(pair);
    });
    return made;
  }

  function scores(row) {
    const count = (value) => number(value === null ? null : String(value));
    const line = (name, found) => [name, ...found.map((value, n) => (known.parts[n][1] === "count" ? count : number)(value))];
    return [
      ...(row.scores || []).map(([metric, ...found]) => line(known.metrics[metric], found)),
      ...(row.seconds || []).map(([name, ...found]) => line(name + " seconds", found)),
    ];
  }

  function rest(row) {
    const made = element("div", null, "rest");
    if (row.params) made.append(section("Parameters", pairs(row.params.map((name) => [name, known.params[name]]))));
    if (row.notes) made.append(section("Notes", list(row.notes)));
    if (row.flags) made.append(section("Flags", pairs(row.flags)));
    if (row.curves) {
      made.append(section("K selection", scroll(table(["criterion", "K tried", "K chosen"], row.curves, 3))));
    }
    return made;
  }

  function runs(row) {
    const seeds = (value) => (value === null ? "–" : String(value));
    const lines = row.runs.map(([first, second, ...values]) => [seeds(first), seeds(second), ...values.map(number)]);
    const made = section("Each run", scroll(table(["encoder seed", "clusterer seed", ...known.metrics], lines, 2)));
    made.className = "whole";
    return made;
  }

  function build(number_of_row) {
    const row = known.rows[number_of_row];
    const made = element("div", null, "detail");
    const parts = known.parts.map(([title]) => title);
    const numbers = scores(row);
    const others = rest(row);
    if (row.facts) made.append(facts(row.facts));
    if (numbers.length) made.append(section("All metrics", scroll(table(["metric", ...parts], numbers, 1))));
    if (others.childElementCount) made.append(others);
    if (row.runs) made.append(runs(row));
    return made;
  }

  return { build, ready: unpack() };
})();
