/** The repository's files, as tests of conventions read them. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What `.gitignore` names, and what git keeps for itself. */
const NOT_OURS: ReadonlySet<string> = new Set([
  ".bench",
  ".git",
  "dist",
  "node_modules",
  "test-report.json",
]);

/** Of the root alone: a folder of src is called so too. */
const REPORTS = "coverage";

/** Paths from the root, of all files or of those in a folder. */
export function filesIn(folder = ""): readonly string[] {
  return readdirSync(ROOT + folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name) && !(folder === "" && name === REPORTS))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesIn(path) : [path];
    })
    .sort();
}

export function foldersIn(folder: string): readonly string[] {
  return readdirSync(ROOT + folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function textOf(path: string): string {
  return readFileSync(ROOT + path, "utf8");
}

/** `diagnoses/no-dnat.ts` is `no-dnat`; what a folder's own files call themselves. */
export function namesIn(folder: string, except: readonly string[] = []): readonly string[] {
  return filesIn(folder)
    .map((path) => path.slice(folder.length + 1).replace(/\.\w+$/, ""))
    .filter((name) => !except.includes(name))
    .sort();
}

export interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

export const MANIFEST: Manifest = JSON.parse(textOf("package.json"));
