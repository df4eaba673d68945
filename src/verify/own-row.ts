/** A user's own row of a hostPort scenario beside the one that comes with the program. */
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { HostPortScenario, Row } from "#expected/scenarios/scenario.js";
import type { Attribution } from "./attribution.js";
import type { Case, OwnRow } from "./case.js";
import { checksFor } from "./checks/index.js";
import { runCheck } from "./checks/check.js";
import notAsTheRowSays from "./replay/diagnoses/not-as-the-row-says.js";
import { describeRow } from "./replay/users-row.js";
import type { Check, Finding } from "./report.js";

/** Undefined of a built-in scenario. */
export function ownRowOf(
  { file, target }: HostPortScenario,
  { client }: Row,
  portmap: PortmapBehaviour,
): OwnRow | undefined {
  if (file === undefined) return undefined;
  const rows = SCENARIOS.flatMap((scenario) =>
    scenario.target !== "path" && scenario.target === target ? scenario.rows(portmap) : [],
  );
  return { file, builtIn: rows.find((row) => row.client === client) };
}

/** Where the built-in row fails nothing of the same connection, the programs' rules do what they should. */
export function findingByOwnRow(scenario: HostPortScenario, theCase: Case): Finding | undefined {
  const builtIn = theCase.ownRow?.builtIn;
  if (!builtIn) return undefined;
  const asBuiltIn = { ...theCase, row: builtIn, ownRow: undefined };
  const checks = checksFor(scenario).map((definition) => runCheck(definition, asBuiltIn));
  if (checks.some(({ verdict }) => verdict === "fail")) return undefined;
  const { code, id, title, explanation, remedy } = notAsTheRowSays;
  return { code, id, title, explanation, remedy };
}

/** The stretch between two points is no fault of portmap's then: what does it is its own rules. */
export function causesByOwnRow(
  causes: readonly Attribution[],
  { ownRow }: Case,
  checks: readonly Check[],
): readonly Attribution[] {
  const rules = ownRow?.builtIn?.rules ?? [];
  const isMeant = checks.some(({ finding }) => finding?.code === notAsTheRowSays.code);
  if (!isMeant) return causes;
  const candidates = rules.map((rule) => `a rule that portmap is meant to write: ${rule}`);
  return causes.map((cause) =>
    cause.kind === "path" ? { ...cause, candidates, collect: [] } : cause,
  );
}

/** Every check names the row, for whoever reads one alone. */
export function toldByOwnRow(checks: readonly Check[], { row, ownRow }: Case): readonly Check[] {
  if (!ownRow) return checks;
  const by = describeRow(ownRow.file, row.name);
  return checks.map((check) => ({ ...check, expected: `${check.expected}, by ${by}` }));
}

/** Of rows that ask for something else than portmap's rules do; it decides nothing. */
export function ownRowNotes(
  scenario: HostPortScenario,
  portmap: PortmapBehaviour,
): readonly string[] {
  if (scenario.file === undefined) return [];
  return scenario.rows(portmap).flatMap((row) => {
    const builtIn = ownRowOf(scenario, row, portmap)?.builtIn;
    if (builtIn === undefined) return [];
    const source =
      row.source === builtIn.source ? [] : [`the source is ${SOURCES[builtIn.source]}`];
    const works =
      row.works === builtIn.works ? [] : [builtIn.works ? "it works" : "it does not work"];
    const told = [...source, ...works];
    if (told.length === 0) return [];
    return [
      `${describeRow(scenario.file, row.name)} is not what portmap ${portmap.version} does: ` +
        `by its rules ${told.join(" and ")}`,
    ];
  });
}

const SOURCES: Record<Row["source"], string> = {
  kept: "kept as it arrives at the node",
  bridge: "the bridge's address",
};
