/** What documents say of the program is what it does. */
import { expect, test } from "vitest";
import { runProgram } from "../cli/run-program.js";
import { filesIn, MANIFEST, textOf } from "./files.js";

test("CHANGELOG has an entry for the version in package.json", () => {
  const heading = new RegExp(`^## ${MANIFEST.version.replaceAll(".", "\\.")}( |$)`, "m");
  expect(textOf("CHANGELOG.md"), "say what is new under that heading").toMatch(heading);
});

interface Example {
  readonly command: string;
  readonly output: string;
}

const SESSION = /^```\w*\n\$ (.+)\n([^]*?)^```$/gm;
const examples: readonly Example[] = [...textOf("README.md").matchAll(SESSION)].map(
  ([, command = "", output = ""]) => ({ command, output }),
);

test("README shows a real run", () => {
  expect(examples, "begin a fenced block with `$ node dist/cli/main.js …`").not.toEqual([]);
});

test.each(examples)("README: $command prints what it shows", async ({ command, output }) => {
  const argv = command.replace(/^(?:node dist\/cli\/main\.js|(?:npx )?pcapcheck) /, "").split(" ");
  const { stdout } = await runProgram(argv);
  expect(output.trimEnd(), "copy into README.md what the command prints into a pipe").toBe(
    stdout.trimEnd(),
  );
});

interface Reason {
  readonly name: string;
  readonly why: string;
  readonly places: readonly string[];
}

const ROW = /^\| `([^`]+)` \| (.+?) \| (.+?) \|$/gm;
const reasons: readonly Reason[] = [...textOf("docs/decisions/dependencies.md").matchAll(ROW)].map(
  ([, name = "", why = "", where = ""]) => ({
    name,
    why,
    places: where.split(",").map((place) => place.trim().replaceAll("`", "")),
  }),
);

test("every runtime dependency has its reason, and no other has one", () => {
  const names = reasons.map(({ name }) => name).sort();
  const dependencies = Object.keys(MANIFEST.dependencies).sort();
  expect(names, "add or take away its row in docs/decisions/dependencies.md").toEqual(dependencies);
});

test.each(reasons)("$name is imported, and only where its row says", ({ name, why, places }) => {
  expect(why.length).toBeGreaterThan(10);
  const imported = new RegExp(`(?:from|import\\(?) ?"${name}(?:/[^"]*)?"`);
  const users = filesIn("src").filter((path) => imported.test(textOf(path)));
  expect(users, "npm uninstall it, and take its row away").not.toEqual([]);
  const expected = places.map((place) => new RegExp(`^src/${place.replaceAll("*", "[^/]*")}`));
  const strangers = users.filter((path) => !expected.some((place) => place.test(path)));
  expect(strangers, "add the place to its row in docs/decisions/dependencies.md").toEqual([]);
});

test("every JSON Schema is kept by a test", () => {
  const kept = filesIn("test/report").filter((path) => path.endsWith(".test.ts"));
  const tests = kept.map(textOf).join("");
  const schemas = filesIn("docs/schema").map((path) => path.replace("docs/schema/", ""));
  const stray = schemas.filter((schema) => !tests.includes(schema));
  expect(stray, "make it from its zod schema in test/report, as the others").toEqual([]);
  expect(schemas).toHaveLength(7);
});

const LINK = /\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g;
const documents = filesIn().filter((path) => path.endsWith(".md"));
const links = documents.flatMap((path) =>
  [...textOf(path).matchAll(LINK)].map(([, target = ""]) => ({ path, target })),
);

test.each(links)("$path: the link to $target leads somewhere", ({ path, target }) => {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  const { pathname } = new URL(folder + target, "file:///");
  const found = filesIn().some((file) => `/${file}`.startsWith(pathname.replace(/\/$/, "")));
  expect(found, "the file has moved or was never written").toBe(true);
});
