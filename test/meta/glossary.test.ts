/** One meaning per word: those that docs/glossary.md replaces do not come back. */
import { expect, test } from "vitest";
import { filesIn, textOf } from "./files.js";

interface Ban {
  readonly word: string;
  /** Where it is right all the same. */
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

const LINES = filesIn("src").flatMap((path) =>
  textOf(path)
    .split("\n")
    .map((text, at) => ({ path, text, place: `${path}:${at + 1}: ${text.trim()}` })),
);

/** Also where it is a part of a name: `caplenBytes`, `is-fixture`. */
function pattern(word: string): RegExp {
  const capital = word.replace(/^./, (letter) => letter.toUpperCase());
  return new RegExp(`\\b${word}s?(?![a-z])|(?<=[a-z])${capital}s?(?![a-z])`);
}

test.each(WORDS)("nobody says %s", (word) => {
  const own = exceptions.filter((ban) => ban.word === word);
  const right = new Set(own.map(({ except }) => except));
  const found = LINES.filter(({ path, text }) => !right.has(path) && pattern(word).test(text));
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
  expect(textOf(except), "the exception is not needed any more").toMatch(pattern(word));
});
