/** docs/man/pcapcheck.1 is what the commands say of themselves: `npx vitest -u` writes it again. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildProgram } from "../../src/cli/program.js";
import { isInstalled } from "../support/installed.js";
import { manPage } from "../support/man-page.js";

const FILE = "docs/man/pcapcheck.1";
const MANIFEST: { readonly version: string } = JSON.parse(readFileSync("package.json", "utf8"));

test("is made of the commands as they are", async () => {
  const program = buildProgram({ io: process, said: [], name: "pcapcheck", end: () => {} });
  await expect(manPage(program, MANIFEST.version)).toMatchFileSnapshot(`../../${FILE}`);
});

test.skipIf(!isInstalled("mandoc"))(
  "mandoc finds nothing to object to, where it is installed",
  () => {
    expect(execFileSync("mandoc", ["-Tlint", "-Wstyle", FILE], { encoding: "utf8" })).toBe("");
  },
);
