/** What a ladder writes on its arrows and between its columns. Every mark is told in words too. */
import type { Rewrite } from "#verify/journey-stop.js";
import type { LadderStop } from "./ladder-stops.js";
import type { HopsRow, RewriteRow } from "./ladder-rows.js";

type Outcome = LadderStop["outcome"];

/** Name of a style, and the words for those who do not see it. */
export const OUTCOMES: Readonly<Record<Outcome, { readonly look: string; readonly word: string }>> =
  {
    "as expected": { look: "good", word: "as expected" },
    differs: { look: "bad", word: "differs" },
    missing: { look: "bad", word: "missing" },
    "not seen": { look: "faint", word: "not seen, which proves nothing" },
    stray: { look: "doubtful", word: "not foretold here" },
    unjudged: { look: "plain", word: "not judged" },
    seen: { look: "plain", word: "seen" },
  };

/** Lines above the arrows of a row: expected and observed in one notation, one above the other. */
export function hopsLines({ stop: { outcome, expected, observed } }: HopsRow): readonly string[] {
  switch (outcome) {
    case "as expected":
      return [`✓ ${observed}`];
    case "differs":
      return [`  expected  ${expected ?? "nothing"}`, `✕ observed  ${observed}`];
    case "missing":
      return [`✕ missing   ${expected ?? ""}`];
    case "not seen":
      return ["? not seen, which proves nothing"];
    case "stray":
      return [`! not foretold  ${observed}`];
    case "unjudged":
    case "seen":
      return [`${observed}`];
  }
}

/** Lines of the box between two columns: what is rewritten, by which rule. */
export function rewriteLines({ rewrite, isDone }: RewriteRow): readonly string[] {
  const { file, line, text } = rewrite;
  const place = file === undefined ? [] : [`${withoutFolders(file)}:${line}`];
  const what = [describeRewrite({ rewrite, isDone }), describeChange({ rewrite, isDone })];
  // Of what nobody saw the list tells more.
  if (isDone === undefined) return [...what, ...place];
  const [first, ...others] = what;
  return [`${isDone ? "" : "✕ "}${first}`, ...others, ...wrapped(text), ...place];
}

const DONE = {
  true: "rewritten",
  false: "NOT rewritten",
  undefined: "to be rewritten",
} as const;

/** `source rewritten at node1, nat KUBE-POSTROUTING (kube-proxy)`. */
export function describeRewrite({
  rewrite,
  isDone,
}: Pick<RewriteRow, "rewrite" | "isDone">): string {
  const { at, table, chain, owner } = rewrite;
  const what = changedEnds(rewrite).map(({ name }) => name);
  const by = owner === "unknown" ? "" : ` (${owner})`;
  return `${what.join(" and ")} ${DONE[`${isDone}`]} at ${at}, ${table} ${chain}${by}`;
}

/** `source 10.233.1.2:41001 becomes 10.20.32.204:*`. */
export function describeChange({
  rewrite,
  isDone,
}: Pick<RewriteRow, "rewrite" | "isDone">): string {
  const becomes = isDone === true ? "becomes" : "should become";
  const changes = changedEnds(rewrite);
  return changes.map(({ name, from, to }) => `${name} ${from} ${becomes} ${to}`).join(", ");
}

function changedEnds({ before, after }: Rewrite) {
  const was = before.split(" > ");
  const is = after.split(" > ");
  const ends = (["source", "destination"] as const).map((name, at) => {
    return { name, from: was[at] ?? "", to: is[at] ?? "" };
  });
  return ends.filter(({ from, to }) => from !== to);
}

const MAX_LINES = 3;
/** In characters; a rule is longer than a box is wide. */
const LINE_WIDTH = 76;

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= LINE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  const cut =
    lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES - 1), `${lines[2]} …`] : lines;
  return cut.map((line) => (line.length > LINE_WIDTH ? `${line.slice(0, LINE_WIDTH)}…` : line));
}

function withoutFolders(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
