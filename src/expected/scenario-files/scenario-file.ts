/** Reads a scenario that a user wrote: YAML, or the same as JSON. */
import type { z } from "zod";
import { faultsOf, readPlaced, type Fault, type NamedText } from "#cluster/placed-text.js";
import { closest } from "#net/closest.js";
import type { PathRow } from "#expected/scenarios/path-row.js";
import type { Row, Scenario } from "#expected/scenarios/scenario.js";
import { contradictionsIn } from "./contradictions.js";
import { KEYS, SCENARIO_FORMAT, scenarioSchema, type ScenarioFile } from "./scenario-schema.js";

/** A scenario file that cannot be used, as `file:line:column: where: what` lines. */
export class ScenarioFileError extends Error {
  override readonly name = "ScenarioFileError";
}

/** A row is a page of text at most, and a file holds some dozens. */
const MAX_CHARACTERS = 4_000_000;
const MAX_FAULTS = 20;

/** @throws ScenarioFileError that names every fault with its line and column. */
export function readScenarioFile(input: NamedText): Scenario {
  const { file, text } = input;
  if (text.length > MAX_CHARACTERS) {
    throw new ScenarioFileError(`${file}: longer than 4 MB: no scenario is`);
  }
  const { plain, lineOf } = readPlaced(input, ScenarioFileError);
  const read = scenarioSchema.safeParse(plain);
  const faults = read.success
    ? contradictionsIn(read.data)
    : (otherFormat(plain) ?? mistakesOf(read.error));
  if (read.success && faults.length === 0) return scenarioOf(read.data, file);
  const lines = faults.slice(0, MAX_FAULTS).map(lineOf);
  const more = faults.length - lines.length;
  throw new ScenarioFileError(
    [...lines, ...(more > 0 ? [`${file}: and ${more} more`] : [])].join("\n"),
  );
}

/** A topology, say: then nothing else of it is worth telling. */
function otherFormat(plain: unknown): readonly Fault[] | undefined {
  const isObject = typeof plain === "object" && plain !== null && "schema" in plain;
  if (!isObject || plain.schema === SCENARIO_FORMAT) return undefined;
  const is = typeof plain.schema === "string" ? plain.schema : "this";
  return [{ path: ["schema"], message: `${is} is not ${SCENARIO_FORMAT}` }];
}

/** A key that is none is told one by one, with the one that was meant. */
function mistakesOf(error: z.ZodError): readonly Fault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return faultsOf({ issues: [issue] });
    return issue.keys.map((key): Fault => {
      const near = closest(key, KEYS);
      const question = near === undefined || near === key ? "" : `; did you mean ${near}?`;
      const path = [...issue.path, key] as Fault["path"];
      return { path, at: "key", message: `no such key here${question}` };
    });
  });
}

function scenarioOf(read: ScenarioFile, file: string): Scenario {
  const { name, title = name, explanation = "" } = read;
  const question = read.question ?? "did the network do to each connection what its row says?";
  const described = { name, title, question, explanation, file };
  if (read.target === "path") {
    const { about, otherPoints } = read;
    const paths = read.rows as readonly PathRow[];
    return { ...described, target: "path", ...(about ? { about } : {}), otherPoints, paths };
  }
  const rows = read.rows as readonly Row[];
  return { ...described, target: read.target, rows: () => rows };
}
