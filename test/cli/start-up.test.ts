/** What is loaded before anything is asked for: packages cost a start more than all our code. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const IMPORT = /^(?:import|export)\s(?!type\s)(?:[^;]*?\sfrom\s)?"([^"]+)"/gm;

/** Files and packages that importing `entry` loads; `await import()` is not followed. */
function loaded(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
      if (name.startsWith(".")) visit(join(dirname(file), name).replace(/\.js$/, ".ts"));
      else if (name.startsWith("#")) visit(name.replace(/^#/, "src/").replace(/\.js$/, ".ts"));
      else if (!name.startsWith("node:")) packages.add(name);
    }
  };
  visit(entry);
  return { files: [...files], packages: [...packages].sort() };
}

test("the program starts with commander and a handful of small files", () => {
  const { files, packages } = loaded("src/cli/main.ts");
  expect(packages).toEqual(["commander"]);
  expect(files.length).toBeLessThanOrEqual(24);
});

test("flows needs neither zod nor yaml nor tar", () => {
  const { packages } = loaded("src/cli/commands/flows.ts");
  for (const name of ["zod", "yaml", "tar"]) expect(packages).not.toContain(name);
});

test("verify opens no archive and writes no page before it is asked to", () => {
  const { files, packages } = loaded("src/cli/commands/verify.ts");
  expect(packages).not.toContain("tar");
  expect(files.filter((file) => /src\/report\/(html|annotated)\//.test(file))).toEqual([]);
});

test("the library brings nothing of the terminal", () => {
  const { files, packages } = loaded("src/index.ts");
  for (const name of ["commander", "cli-table3", "zod", "yaml"])
    expect(packages).not.toContain(name);
  expect(files.filter((file) => file.startsWith("src/cli/"))).toEqual([]);
});
