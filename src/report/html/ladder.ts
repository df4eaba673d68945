/** A connection's journey as a picture: one column per capture point, an arrow per hop. Its list tells the same. */
import { markup, type Fill, type Markup } from "./markup.js";
import type {
  LadderLayout,
  PlacedColumn,
  PlacedGroup,
  PlacedHops,
  PlacedLine,
  PlacedRewrite,
  PlacedRow,
} from "./ladder-layout.js";
import { OUTCOMES } from "./ladder-words.js";

export function ladder({ width, height, columns, groups, rows, top }: LadderLayout): Markup {
  return markup`<svg class="ladder" aria-hidden="true" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
${groups.map(group)}${columns.map((column) => lifeline(column, { top, height }))}
${rows.map(row)}</svg>`;
}

function group({ left, right, label, name }: PlacedGroup): Markup {
  const middle = (left + right) / 2;
  return markup`<g><title>${name}</title>
<rect class="group" x="${left}" y="4" width="${right - left}" height="22" rx="4"/>
<text class="group-name" x="${middle}" y="19">${label}</text></g>`;
}

function lifeline(
  { x, point, lines }: PlacedColumn,
  { top, height }: Pick<LadderLayout, "top" | "height">,
): Markup {
  const texts = lines.map(
    (text, at) => markup`<text class="point" x="${x}" y="${42 + at * 15}">${text}</text>`,
  );
  return markup`<g><title>${point}</title>${texts}<path class="life" d="M${x} ${top}V${height}"/></g>`;
}

function row(placed: PlacedRow): Fill {
  switch (placed.kind) {
    case "heading":
      return markup`<text class="way" x="8" y="${placed.y}">${WAYS[placed.direction]}</text>\n`;
    case "rewrite":
      return rewrite(placed);
    case "hops":
      return hops(placed);
  }
}

const WAYS = {
  request: "requests: client to server →",
  reply: "replies: server to client ←",
} as const;

function rewrite({ isDone, left, y, width, height, betweenX, lines }: PlacedRewrite): Markup {
  const [from, to] = betweenX;
  const look = REWRITES[`${isDone}`];
  return markup`<g class="rewrite ${look}">
<rect x="${left}" y="${y}" width="${width}" height="${height}" rx="5"/>
<path class="between" d="M${from} ${y}H${to}"/>${lines.map(line)}</g>\n`;
}

const REWRITES = { true: "done", false: "bad", undefined: "open" } as const;

function hops({ stop, startX, endsX, y, lines }: PlacedHops): Markup {
  const { look } = OUTCOMES[stop.outcome];
  const kind = stop.outcome === "missing" || stop.outcome === "not seen" ? " absent" : "";
  const starts = [startX, ...endsX];
  const arrows = endsX.map((end, at) => arrow({ from: starts[at] ?? end, to: end, y }));
  const ends = stop.outcome === "missing" ? endsX.map((x) => cross({ x, y })) : [];
  return markup`<g class="hops ${look}${kind}">${lines.map(line)}${arrows}${ends}</g>\n`;
}

/** A line, and a head that ends on the column. */
function arrow({ from, to, y }: { from: number; to: number; y: number }): Markup {
  const back = to > from ? to - HEAD : to + HEAD;
  return markup`<path class="line" d="M${from} ${y}H${back}"/>
<path class="head" d="M${to} ${y}L${back} ${y - 4}V${y + 4}Z"/>`;
}

const HEAD = 8;

/** Where it should have come to. */
function cross({ x, y }: { readonly x: number; readonly y: number }): Markup {
  return markup`<path class="cross" d="M${x - 6} ${y - 6}L${x + 6} ${y + 6}M${x - 6} ${y + 6}L${x + 6} ${y - 6}"/>`;
}

function line({ x, y, text }: PlacedLine): Markup {
  return markup`<text x="${x}" y="${y}">${text}</text>`;
}
