/**
 * The page's script, as it stands in the page: kept as text so that its bytes, of which the page's
 * Content-Security-Policy holds the hash, do not depend on a compiler. It makes elements and sets texts;
 * nothing that it reads is ever parsed as markup.
 */
export const SCRIPT = String.raw`"use strict";
(() => {
  const PAGE = 25;
  const MARKS = { pass: "✓", fail: "✕", inconclusive: "?", "not applicable": "–" };
  const LOOKS = { pass: "good", fail: "bad", inconclusive: "doubtful", "not applicable": "strong" };
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // A column of numbers holds differences; a number in a column's place is an earlier column.
  const valuesOf = (columns) => {
    const full = [];
    for (const column of columns) {
      let sum = 0;
      const isText = typeof column === "object" && typeof column[0] === "string";
      if (typeof column === "number") full.push(full[column]);
      else full.push(isText ? column : column.map((more) => (sum += more)));
    }
    return full;
  };

  const textsOf = ({ shapes, shapeOf }) => {
    const columns = shapes.map((shape) => valuesOf(shape.columns));
    const counts = shapes.map(() => 0);
    const places = shapeOf.map((shape) => counts[shape]++);
    const textAt = (at) => {
      const shape = shapeOf[at];
      const fill = (part, gap) => (gap === 0 ? part : columns[shape][gap - 1][places[at]] + part);
      return shapes[shape].parts.map(fill).join("");
    };
    return { count: shapeOf.length, textAt };
  };

  const { failures, rows } = read("data");
  const { count, textAt } = textsOf(rows);
  const all = Array.from({ length: count }, (_, at) => {
    const text = textAt(at);
    const [id, verdict, of, protocol, scenario, client, first, last] = text.split("\t");
    return { at, text: text.toLowerCase(), id, verdict, of, protocol, scenario, client, first, last };
  });

  // Read when the first connection is opened.
  let details;
  const detailOf = ({ at }) => {
    details ??= textsOf(read("details"));
    const lines = details.textAt(at).split("\n").map((line) => line.split("\t"));
    const only = (kind) => lines.filter(([first]) => first === kind).map(([, ...rest]) => rest);
    const joined = only("joined").map(([why]) => make("p", {}, "one connection because of: " + why));
    return make("div", { class: "detail" }, ...joined,
      tableOf("checks", ["verdict", "check", "expected", "observed", "evidence"], only("check")),
      tableOf("seen at", ["direction", "point", "tuple", "ttl", "packets", "evidence"], only("seen")));
  };

  const tableOf = (caption, names, lines) => {
    const cell = (text, at) =>
      make("td", { role: "cell", "data-column": names[at], class: LOOKS[text] ?? "" }, text || "-");
    const row = (line) => make("tr", { role: "row" }, ...line.map(cell));
    const headings = names.map((name) => make("th", { role: "columnheader", scope: "col" }, name));
    return make("table", { role: "table" }, make("caption", {}, caption),
      make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...headings)),
      make("tbody", { role: "rowgroup" }, ...lines.map(row)));
  };

  const itemOf = (row) => {
    const about = [row.protocol, row.scenario, row.client].join(" · ");
    const tuples = row.first === row.last ? row.first : row.first + ", then " + row.last;
    const item = make("details", {}, make("summary", {},
      make("span", { class: "id" }, row.id), " ", make("span", { class: "of" }, about), " ",
      make("code", {}, tuples)));
    item.addEventListener("toggle", () => {
      if (item.open && item.children.length === 1) item.append(detailOf(row));
    });
    return make("li", {}, item);
  };

  // Connections of one verdict that failed for the same.
  const kindOf = (members, isOpen) => {
    const [{ verdict, of }] = members;
    const whys = of === "" ? [] : of.split(" ").map((at) => failures[at]);
    const title = [verdict + ": " + members.length, ...whys].join(" · ");
    const list = make("ul", { class: "rows" });
    const more = make("button", { type: "button" });
    const showMore = () => {
      const shown = list.children.length;
      list.append(...members.slice(shown, shown + PAGE).map(itemOf));
      const left = members.length - list.children.length;
      more.hidden = left === 0;
      more.textContent = "show " + Math.min(PAGE, left) + " more of " + left;
      return list.children[shown];
    };
    more.addEventListener("click", () => showMore()?.querySelector("summary").focus());
    const mark = make("span", { class: LOOKS[verdict] }, MARKS[verdict] + " ");
    const kind = make("details", { class: "kind" }, make("summary", {}, mark, title), list, more);
    kind.addEventListener("toggle", () => {
      if (kind.open && list.children.length === 0) showMore();
    });
    kind.open = isOpen;
    return kind;
  };

  const form = byId("filter");
  const { words, verdict, failure } = form.elements;
  const fits = (row, wanted) =>
    (verdict.value === "" || row.verdict === verdict.value) &&
    (failure.value === "" || row.of.split(" ").includes(failure.value)) &&
    // c3 is not c30.
    wanted.every((word) => (/^c\d+$/.test(word) ? row.id === word : row.text.includes(word)));

  const show = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter((row) => fits(row, wanted));
    const kinds = new Map();
    for (const row of found) {
      const key = row.verdict + "\t" + row.of;
      if (!kinds.has(key)) kinds.set(key, []);
      kinds.get(key).push(row);
    }
    const isFew = found.length <= PAGE;
    byId("found").textContent = found.length + " of " + all.length + " connections";
    byId("list").replaceChildren(...[...kinds.values()].map((each, at) => kindOf(each, isFew || at === 0)));
  };

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const link of document.querySelectorAll("a[data-failure]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      form.reset();
      failure.value = link.dataset.failure;
      show();
      byId("connections").scrollIntoView();
      words.focus({ preventScroll: true });
    });
  }
  form.hidden = false;
  show();

  // Where the picture is shown, the list below it waits until it is asked for; on paper both stand.
  const steps = [...document.querySelectorAll("details.steps")];
  const isWide = matchMedia("(min-width: 48em)");
  const fold = () => steps.forEach((each) => (each.open = !isWide.matches));
  isWide.addEventListener("change", fold);
  addEventListener("beforeprint", () => steps.forEach((each) => (each.open = true)));
  addEventListener("afterprint", fold);
  fold();
})();
`;
