/** Every recorded case has a pedigree: who made it, how, and what the machines were. */
import { expect, test } from "vitest";
import { filesIn, foldersIn, namesIn, textOf } from "./files.js";

const CASES = foldersIn("captures").filter((name) => name !== "lab");
const SCRIPTS = namesIn("captures/lab/cases");
const FILES = filesIn("captures");

test("every case has a script that makes it again, and every script its case", () => {
  expect(CASES, "record a script's case, or write captures/lab/cases/NAME.sh").toEqual(SCRIPTS);
});

test.each(CASES)("captures/%s says how it was made", (name) => {
  const readme = `captures/${name}/README.md`;
  expect(FILES, `write ${readme}: what happened, and how it was recorded`).toContain(readme);
  const command = `npm run lab -- ${name}`;
  const isNamed = textOf(readme).includes(command);
  expect(isNamed, `${readme} must name the command that makes it`).toBe(true);
});

test.each(CASES)("captures/%s has its machines in topology.yaml, and captures", (name) => {
  const own = FILES.filter((path) => path.startsWith(`captures/${name}/`));
  expect(own, "record it again: its topology is missing").toContain(
    `captures/${name}/topology.yaml`,
  );
  expect(own.filter((path) => /\.(pcap(ng)?|tar\.gz)$/.test(path))).not.toEqual([]);
});

test.each(CASES)("captures/README.md has a row for %s", (name) => {
  const hasRow = textOf("captures/README.md").includes(`\n| ${name} |`);
  expect(hasRow, "add a row to its table of cases").toBe(true);
});

test.each(SCRIPTS)("captures/lab/cases/%s.sh has a title and a story", (name) => {
  const script = textOf(`captures/lab/cases/${name}.sh`);
  expect(script, "npm run lab -- --list prints the title").toMatch(/^title=".+"$/m);
  expect(script, "the story becomes the case's README").toMatch(/^story\(\) \{$/m);
});
