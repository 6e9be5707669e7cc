// A row of a report opens to the pages of its runs and of its encoder as well.
(() => {
  const links = JSON.parse(document.getElementById("links").textContent);
  const before = Details.build;

  function link(url, text, note) {
    const item = document.createElement("li");
    const made = document.createElement("a");
    made.href = url;
    made.textContent = text;
    item.append(made, note);
    return item;
  }

  Details.build = (number) => {
    const made = before(number);
    const [encoder, cells] = links.rows[number];
    const section = document.createElement("section");
    const title = document.createElement("h3");
    const list = document.createElement("ul");
    section.className = "whole";
    list.className = "links";
    title.textContent = "Pages";
    for (const [id, seeds, status] of cells) {
      list.append(link(`${links.folder}/cell-${id}.html`, `Run, ${seeds}`, status === "ok" ? "" : ` (${status})`));
    }
    const [url, name] = links.encoders[encoder];
    list.append(link(url, `Encoder ${name}`, ""));
    section.append(title, list);
    made.prepend(section);
    return made;
  };
})();
