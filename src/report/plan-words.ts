/** How a plan is worded: comments, headings, and placeholders where nobody told a name or address. */
import type { Placeholder, Plan } from "#verify/plan/plan.js";
import { wrapProse } from "./prose.js";
import { sanitize } from "./sanitize.js";
import { shellWord } from "./shell-words.js";

export interface PlanWords {
  /** For a comment, wrapped later. */
  say(text: string): string;
  /** For a comment that is not wrapped. */
  comment(text: string): string;
  /** One word for the shell. */
  word(text: string): string;
  /** A filter, quoted; its lines are wrapped. */
  quote(filter: string): string;
  /** Placeholders that the plan needs. */
  readonly used: readonly Placeholder[];
}

export function planWords(plan: Plan): PlanWords {
  const { placeholders } = plan;
  if (placeholders.length === 0) return TOLD;
  const replace = (text: string, mark: string): string => replaced(text, placeholders, mark);
  return {
    say: (text) => replace(text, ""),
    comment: (text) => replace(text, "$"),
    word: (text) => quotedIfVariable(replace(text, "$")),
    quote: (filter) => `"${wrapLines(replace(filter, "$"))}"`,
    used: placeholders.filter(({ stands }) => patternOf(stands).test(inCommands(plan))),
  };
}

/** What commands name; comments may say more. */
function inCommands({ machines, filter }: Plan): string {
  const nodes = machines.filter(({ kind }) => kind === "node");
  return JSON.stringify([
    filter,
    // A machine outside asks for its way there.
    nodes.length < machines.length && nodes[0]?.addresses,
    ...machines.map(({ name, captures }) => [
      name,
      ...captures.map((capture) => [capture.name, capture.pod, capture.interface, capture.tunnels]),
    ]),
  ]);
}

const TOLD: PlanWords = {
  say: (text) => text,
  comment: sanitize,
  word: shellWord,
  quote: (filter) => `'${wrapLines(filter)}'`,
  used: [],
};

/** For `FILTER='` in front of it. */
const FILTER_WIDTH = 70;

/**
 * White space means nothing in a filter. It has numbers, names of protocols and addresses that were
 * parsed: nothing to escape.
 */
function wrapLines(filter: string): string {
  const lines = filter.split("\n").map((line) => wrapWords(line, FILTER_WIDTH).join("\n    "));
  return lines.join("\n");
}

/** At spaces, of which those in front stay. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || (last.trim() !== "" && last.length + 1 + word.length > width)) {
      lines.push(word);
    } else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function quotedIfVariable(text: string): string {
  return /[$\s()]/.test(text) ? `"${text}"` : text;
}

function replaced(text: string, placeholders: readonly Placeholder[], mark: string): string {
  // The longest first: OTHER_NODE before NODE.
  const order = placeholders.toSorted((a, b) => b.stands.length - a.stands.length);
  const pattern = new RegExp(order.map(({ stands }) => patternOf(stands).source).join("|"), "g");
  const names = new Map(order.map(({ stands, name }) => [stands, name]));
  return text.replaceAll(pattern, (found) => `${mark}${names.get(found) ?? found}`);
}

/** Not inside a longer name or number. */
function patternOf(stands: string): RegExp {
  return new RegExp(`(?<![\\w])${stands.replaceAll(".", String.raw`\.`)}(?!\\w)`);
}

const WIDTH = 78;

export function comment(text: string, indent = 0): readonly string[] {
  const [first = "", ...more] = wrapProse(text, { width: WIDTH }, indent + 2);
  const lead = " ".repeat(indent);
  return [`# ${lead}${first}\n`, ...more.map((line) => `# ${lead}  ${line}\n`)];
}

export function heading(text: string): readonly string[] {
  return [`\n### ${sanitize(text)}\n`];
}
