/** Reads `--scenario NAME|FILE`, and the argument of `scenarios show`. */
import { readFileSync } from "node:fs";
import { findScenario, SCENARIOS } from "#expected/scenarios/index.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { closest } from "#net/closest.js";
import { sanitize } from "#report/sanitize.js";
import { AUTO } from "#verify/auto.js";
import { CannotCheck, messageOf } from "./exit.js";
import type { VerifyFlags } from "./flags.js";
import { describeFileError } from "./file-error.js";

/**
 * The built-in scenario of that name, or the one that a file describes. `others`: what else may be typed there.
 * @throws CannotCheck that names the nearest and all of them, or every fault of the file with its place.
 */
export async function readScenarioOption(
  word: string | undefined,
  { others = [] }: { readonly others?: readonly string[] } = {},
): Promise<Scenario> {
  return word !== undefined && isFile(word) ? await readFile(word) : readName(word, others);
}

/** What `verify` is to hold the captures against, where it is not each its own. */
export async function readRowsOption({
  scenario: word,
  asConfigured,
}: Pick<VerifyFlags, "scenario" | "asConfigured">): Promise<Scenario> {
  const scenario = await readScenarioOption(word, { others: [AUTO.name] });
  if (asConfigured !== true || scenario.file === undefined) return scenario;
  throw new CannotCheck(
    "--as-configured holds the captures against the rules of --state, --scenario FILE against its rows: " +
      "leave one of them out",
  );
}

/** No built-in name has a dot or a slash. */
function isFile(word: string): boolean {
  return /[/\\]|\.(ya?ml|json)$/i.test(word);
}

/** Its YAML reader is loaded when it is needed: it takes as long as all the rest. */
async function readFile(file: string): Promise<Scenario> {
  const text = readText(file);
  const { readScenarioFile, ScenarioFileError } =
    await import("#expected/scenario-files/scenario-file.js");
  try {
    return readScenarioFile({ file, text });
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error;
    throw new CannotCheck(messageOf(error).split("\n").map(sanitize).join("\n"));
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file).toString("utf8");
  } catch (error) {
    throw new CannotCheck(`--scenario ${sanitize(file)}: ${describeFileError(error)}`);
  }
}

function readName(name: string | undefined, others: readonly string[]): Scenario {
  const names = SCENARIOS.map((scenario) => scenario.name);
  const list = names.map((known) => `    ${known}`).join("\n");
  if (name === undefined) {
    throw new CannotCheck(
      `--scenario is missing; name what to hold the captures against, or auto\n${list}`,
    );
  }
  const scenario = findScenario(name);
  if (scenario !== undefined) return scenario;
  const near = closest(name, [...names, ...others]);
  const question = near === undefined ? "" : `; did you mean ${near}?`;
  throw new CannotCheck(`scenario ${sanitize(name)}: no such scenario${question}\n${list}`);
}
