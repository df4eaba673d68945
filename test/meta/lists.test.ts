/** Explicit lists beside folders: a file that no list names would never run. */
import { dirname, join } from "node:path/posix";
import { expect, test } from "vitest";
import { SCENARIOS } from "#expected/scenarios/index.js";
import { DIAGNOSES } from "#verify/diagnoses/index.js";
import { AFFINITY_BROKEN } from "#verify/replay/diagnoses/affinity-broken.js";
import { REPLAY_DIAGNOSES } from "#verify/replay/diagnoses/index.js";
import { SIDECAR_BYPASSED } from "#verify/replay/diagnoses/sidecar-bypassed.js";
import { UNEVEN_CHOICE } from "#verify/replay/diagnoses/uneven-choice.js";
import { filesIn, namesIn, textOf } from "./files.js";

const SCENARIO_FILE = /^export default defineScenario\(/m;

test("every scenario is listed, under its file's name", () => {
  const names = SCENARIOS.map(({ name }) => name).sort();
  const files = namesIn("src/expected/scenarios").filter((name) =>
    SCENARIO_FILE.test(textOf(`src/expected/scenarios/${name}.ts`)),
  );
  expect(names, "add its line to src/expected/scenarios/index.ts").toEqual(files);
});

test("every scenario asks a question", () => {
  expect(SCENARIOS.filter(({ question }) => !question.endsWith("?"))).toEqual([]);
});

test("every diagnosis is listed, under its file's name", () => {
  const ids = DIAGNOSES.map(({ id }) => id).sort();
  const files = namesIn("src/verify/diagnoses", ["index", "diagnosis"]);
  expect(ids, "add its line to src/verify/diagnoses/index.ts").toEqual(files);
});

/** Of a connection that the model's paths judge, and of many together. */
const OF_REPLAYS = [...REPLAY_DIAGNOSES, UNEVEN_CHOICE, AFFINITY_BROKEN, SIDECAR_BYPASSED];

test("every diagnosis of replays is listed, under its file's name", () => {
  const ids = OF_REPLAYS.map(({ id }) => id).sort();
  const files = namesIn("src/verify/replay/diagnoses", ["index", "replay-diagnosis"]);
  expect(ids, "add its line to src/verify/replay/diagnoses/index.ts").toEqual(files);
});

test("every diagnosis has a code of its own, PC001 to the last, none left out", () => {
  const codes = [...DIAGNOSES, ...OF_REPLAYS].map(({ code }) => code).sort();
  const counted = codes.map((_, at) => `PC${String(at + 1).padStart(3, "0")}`);
  expect(codes, "a code is never used twice and never given up").toEqual(counted);
});

const IMPORT = /(?:from|import\()\s*"((?:\.|#)[^"]+)"/g;

/** `#net/address.js` and `./address.js` in a file, as a path from the root. */
function importsOf(path: string): string[] {
  return [...textOf(path).matchAll(IMPORT)].map(([, name = ""]) => {
    const target = name.startsWith("#") ? `src/${name.slice(1)}` : join(dirname(path), name);
    return target.replace(/\.js$/, ".ts");
  });
}

/** `bin` of package.json. */
const PROGRAMS = [
  "src/cli/main.ts",
  "src/cli/kubectl-pcapcheck.ts",
  "src/cli/kubectl-complete-pcapcheck.ts",
];

test("every file of src is reached from the program or the library", () => {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const target of importsOf(path)) visit(target);
  };
  for (const program of PROGRAMS) visit(program);
  visit("src/index.ts");
  const lost = filesIn("src").filter((path) => !path.endsWith(".d.ts") && !reached.has(path));
  expect(lost, "list it where its like are listed, or delete it").toEqual([]);
});
