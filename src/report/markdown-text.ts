/**
 * Text of anybody's making as Markdown that shows it and does nothing else: no markup, HTML, link, mention,
 * reference or emoji of it comes alive. A backslash stops markup, but not what a site makes of text afterwards
 * (`@name`, `#12`, a commit's hash), so whatever is not plainly a word stands in a code span.
 */
import { sanitize } from "./sanitize.js";

export function markdownText(text: string): string {
  const words = sanitize(text).split(" ").map(readWord);
  let said = "";
  let code: Word[] = [];
  for (const [at, word] of words.entries()) {
    const next = words[at + 1];
    if (code.length > 0 && (continues(word, code) || isBetween(word, { code, next }))) {
      code.push(word);
      continue;
    }
    const isText = word.isPlain && !isCommand(word, next);
    said += codeSpan(code);
    code = isText ? [] : [word];
    said += at === 0 ? "" : " ";
    if (isText) said += word.lead + word.core + word.trail;
  }
  return said + codeSpan(code);
}

/** In a table, where a bar ends a cell whatever stands around it. */
export function markdownCell(text: string): string {
  return text === "" ? " " : markdownText(text.replaceAll("|", String.raw`\x7c`));
}

interface Word {
  /** An opening bracket. */
  readonly lead: string;
  readonly core: string;
  /** Its closing one, and what ends a sentence. */
  readonly trail: string;
  readonly isPlain: boolean;
}

function readWord(word: string, at: number): Word {
  const [, lead = "", core = "", trail = ""] = /^(\(?)(.*?)(\)?[,.;:?!]*)$/s.exec(word) ?? [];
  // The bracket that is closed was opened within: `f(x)`.
  const isOwn = lead === "" && trail.startsWith(")") && core.includes("(");
  const whole = isOwn ? `${core})` : core;
  const rest = isOwn ? trail.slice(1) : trail;
  return {
    lead,
    core: whole,
    trail: rest,
    isPlain: isPlain(whole) && !(at === 0 && LISTED.test(word)),
  };
}

const WORD = /^["']?[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*["']?$/;
/** What a list begins with. */
const LISTED = /^\d+[.)]$/;
const ABBREVIATION = /^(e\.g|i\.e)$/;
const NUMBER = /^\d+\.\d+$/;
const EITHER = /^[a-z]+\/[a-z]+$/;
/** As sites take for a commit. */
const HASH = /^[0-9a-f]{7,}$/i;
/** As trackers name their issues: `GH-12`. */
const ISSUE = /[A-Za-z]-\d/;

function isPlain(core: string): boolean {
  if (HASH.test(core) || ISSUE.test(core)) return false;
  return core === "" || [WORD, NUMBER, EITHER, ABBREVIATION].some((known) => known.test(core));
}

/** Words in code, one behind the other with nothing in between, are one span. */
function continues(word: Word, code: readonly Word[]): boolean {
  return !word.isPlain && word.lead === "" && code.at(-1)?.trail === "";
}

/** A program in front of its options: `conntrack -L`. */
function isCommand({ core, lead, trail }: Word, next: Word | undefined): boolean {
  const isBare = core !== "" && lead === "" && trail === "" && !OF_SENTENCES.has(core);
  return isBare && next?.isPlain === false && next.lead === "" && /^--?[a-z]/i.test(next.core);
}

/** A command's own words: `-t nat | grep`. */
function isBetween(
  word: Word,
  { code, next }: { readonly code: readonly Word[]; readonly next: Word | undefined },
): boolean {
  const isBare = word.lead === "" && word.trail === "" && code.at(-1)?.trail === "";
  return isBare && next?.isPlain === false && next.lead === "" && !OF_SENTENCES.has(word.core);
}

const OF_SENTENCES: ReadonlySet<string> = new Set(
  "a an and are as at by from for goes has in is no not of on or that the then to was which with".split(
    " ",
  ),
);

/** Delimited by more backticks than it has in a row (CommonMark §6.1). */
function codeSpan(words: readonly Word[]): string {
  const [first] = words;
  if (!first) return "";
  const whole = words
    .map(({ core, trail }, at) => (at < words.length - 1 ? core + trail : core))
    .join(" ");
  // Our own sentences have commands between backticks already.
  const text = /^`[^`]+`$/.test(whole) ? whole.slice(1, -1) : whole;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 ? " " : "";
  return `${first.lead}${fence}${pad}${text}${pad}${fence}${words.at(-1)?.trail ?? ""}`;
}
