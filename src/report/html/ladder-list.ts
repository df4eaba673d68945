/** The same journey as a list: for screen readers, for narrow screens, and to copy from. */
import { counted } from "#net/counted.js";
import type { EpochNs } from "#net/types.js";
import type { Rewrite } from "#verify/journey-stop.js";
import type { LadderStop } from "./ladder-stops.js";
import { describeChange, describeRewrite, OUTCOMES } from "./ladder-words.js";
import { markup, type Fill, type Markup } from "./markup.js";
import { isRewritten } from "./rewritten.js";

export function ladderList(stops: readonly LadderStop[]): Markup {
  const start = earliest(stops);
  return markup`${(["request", "reply"] as const).map((direction) => {
    const way = stops.filter((stop) => stop.direction === direction);
    if (way.length === 0) return undefined;
    const items = way.map((stop) => [stop.rewrites.map(rewriteItem(stop)), stopItem(stop, start)]);
    return markup`<p class="direction">${WAYS[direction]}</p>
<ol class="way" aria-label="${WAYS[direction]}">${items}</ol>`;
  })}`;
}

const WAYS = {
  request: "requests, client to server",
  reply: "replies, server to client",
} as const;

function stopItem(stop: LadderStop, start: EpochNs | undefined): Markup {
  const { point, outcome, expected, observed, why } = stop;
  const { look, word } = OUTCOMES[outcome];
  const shows = [
    expected !== undefined && expected !== observed && outcome !== "seen"
      ? pair("expected", expected)
      : undefined,
    observed === undefined ? undefined : pair("observed", observed),
  ];
  return markup`<li class="${look}">
<b>${point}</b> <span class="outcome">${word}</span>${shows}${facts(stop, start)}${
    why === undefined ? undefined : markup`<p>${why}</p>`
  }</li>\n`;
}

function pair(label: string, tuple: string): Markup {
  return markup`<div class="pair"><span>${label}</span> <code>${tuple}</code></div>`;
}

function facts({ ttl, packets, first, evidence }: LadderStop, start: EpochNs | undefined): Fill {
  const known = [
    ttl === undefined ? [] : `TTL ${ttl}`,
    packets === undefined ? [] : counted(packets, "packet"),
    first === undefined || start === undefined ? [] : `first after ${milliseconds(first - start)}`,
    evidence ?? [],
  ].flat();
  return known.length === 0 ? undefined : markup`<p class="facts">${known.join(" · ")}</p>`;
}

function rewriteItem(stop: LadderStop) {
  return (rewrite: Rewrite): Markup => {
    const { file, line, text } = rewrite;
    const isDone = isRewritten(rewrite, stop);
    const place = file === undefined ? undefined : markup`<p class="facts">${file}:${line}</p>`;
    return markup`<li class="rewrite ${isDone === false ? "bad" : "done"}">
<b>${describeRewrite({ rewrite, isDone })}</b><p>${describeChange({ rewrite, isDone })}</p>
<code>${text}</code>${place}</li>\n`;
  };
}

function earliest(stops: readonly LadderStop[]): EpochNs | undefined {
  return stops.flatMap(({ first }) => first ?? []).toSorted((a, b) => (a < b ? -1 : 1))[0];
}

function milliseconds(ns: bigint): string {
  return `${(Number(ns) / 1e6).toFixed(3)} ms`;
}
