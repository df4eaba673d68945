/** One meaning per word: those that docs/glossary.md replaces do not come back. */
import { expect, test } from "vitest";
import { filesIn, textOf } from "./files.js";

interface Ban {
  readonly word: string;
  /** Where it is right all the same: a file, a folder that ends with a slash, or a `/pattern/`. */
  readonly except: string | undefined;
  readonly reason: string;
}

const BANS: readonly Ban[] = textOf("test/meta/glossary-banned.txt")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [word = "", except, ...reason] = line.split(/\s+/);
    return { word, except, reason: reason.join(" ") };
  });

const WORDS = [...new Set(BANS.map(({ word }) => word))];
const exceptions = BANS.filter(({ except }) => except !== undefined);

interface Line {
  readonly path: string;
  readonly text: string;
  readonly place: string;
}

const LINES: readonly Line[] = filesIn("src").flatMap((path) =>
  textOf(path)
    .split("\n")
    .map((text, at) => ({ path, text, place: `${path}:${at + 1}: ${text.trim()}` })),
);

/** Also where it is a part of a name: `caplenBytes`, `is-fixture`. */
function pattern(word: string): RegExp {
  const capital = word.replace(/^./, (letter) => letter.toUpperCase());
  return new RegExp(`\\b${word}s?(?![a-z])|(?<=[a-z])${capital}s?(?![a-z])`);
}

const isPattern = (except: string): boolean => except.startsWith("/");

/** The line without what is right in it. */
function stripped({ path, text }: Line, word: string): string {
  const own = exceptions.filter((ban) => ban.word === word);
  const places = own.flatMap(({ except = "" }) => (isPattern(except) ? [] : except));
  if (places.some((place) => path === place || (place.endsWith("/") && path.startsWith(place)))) {
    return "";
  }
  return own
    .flatMap(({ except = "" }) => (isPattern(except) ? except : []))
    .reduce((rest, except) => rest.replaceAll(new RegExp(except.slice(1, -1), "g"), ""), text);
}

test.each(WORDS)("nobody says %s", (word) => {
  const found = LINES.filter((line) => pattern(word).test(stripped(line, word)));
  expect(
    found.map(({ place }) => place),
    "docs/glossary.md has the word to use",
  ).toEqual([]);
});

test.each(WORDS)("%s is a word of the glossary's last column", (word) => {
  const last = textOf("docs/glossary.md")
    .split("\n")
    .map((row) => row.split("|").at(-2) ?? "");
  const words = last.flatMap((cell) => cell.split(",")).map((cell) => cell.trim());
  expect(words, "write it into docs/glossary.md too").toContain(word);
});

test.each(exceptions)("$word has a reason to be in $except", ({ word, except = "", reason }) => {
  expect(reason).not.toBe("");
  const found = LINES.filter(({ path, text }) =>
    isPattern(except) ? new RegExp(except.slice(1, -1)).test(text) : path.startsWith(except),
  );
  const isUsed = found.some(({ text }) => pattern(word).test(text));
  expect(isUsed, "the exception is not needed any more").toBe(true);
});
