/** What no file may hold, and how long one may be. */
import { expect, test } from "vitest";
import { filesIn, textOf } from "./files.js";

const BINARY = /\.(pcap|pcapng|gz|zst)$/;
const TEXTS = filesIn().filter((path) => !BINARY.test(path) && path !== "package-lock.json");

/** Behind what cannot be a part of a longer path or an address. */
const MACHINE_PATH = new RegExp(
  `(?<![\\w.$}~*/-])/(${["tmp", "work", "root", "home"].join("|")})/`,
);

test("no file holds a path of the machine it was written on", () => {
  const found = TEXTS.flatMap((path) =>
    textOf(path)
      .split("\n")
      .flatMap((line, at) => (MACHINE_PATH.test(line) ? [`${path}:${at + 1}: ${line}`] : [])),
  );
  expect(found, "write it from the root of the repository, or take it from os.tmpdir()").toEqual(
    [],
  );
});

const MAX_LINES = 400;

test(`no file of src is longer than ${MAX_LINES} lines`, () => {
  const lengths = filesIn("src").map((path) => ({ path, lines: textOf(path).split("\n").length }));
  const long = lengths.filter(({ lines }) => lines > MAX_LINES + 1);
  expect(long, "one exported concept per file: take the second one out").toEqual([]);
});

test("file names are in kebab-case", () => {
  const names = filesIn("src").map((path) => path.slice(path.lastIndexOf("/") + 1));
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.ts$/.test(name))).toEqual([]);
});

test("nobody leaves a note to do it later", () => {
  const later = new RegExp(`\\b(${["TODO", "FIXME", "XXX"].join("|")})\\b`);
  const found = filesIn("src").filter((path) => later.test(textOf(path)));
  expect(found, "do it, or write it into README's limits").toEqual([]);
});
