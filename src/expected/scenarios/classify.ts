/** Which scenario a connection belongs to, and by which row of it. */
import type { Network } from "#expected/network/network.js";
import type { Path } from "#expected/network/path.js";
import { CURRENT_PORTMAP, type PortmapBehaviour } from "#expected/rulesets/portmap.js";
import { SCENARIOS } from "./index.js";
import type { PathRow } from "./path-row.js";
import type { HostPortScenario, PathScenario, Scenario } from "./scenario.js";
import { situationOf, type Situation } from "./situation.js";

export interface Classified {
  readonly scenario: Scenario;
  /** Undefined for a hostPort, and for a way that the scenario has no row for. */
  readonly row: PathRow | undefined;
}

/** Undefined where no scenario is about what is dialled. */
export function scenarioOf(network: Network, path: Path): Classified | undefined {
  return classify(situationOf(network, path.dial, path));
}

/** A special case goes before the ordinary one; a row before a scenario that is merely near. */
export function classify(situation: Situation): Classified | undefined {
  const ordinary = hostPortScenario(situation);
  if (ordinary) return { scenario: ordinary, row: undefined };
  const candidates = PATH_SCENARIOS.filter(({ about }) => covers(about, situation));
  for (const scenario of candidates) {
    const row = scenario.paths.find((path) => fits(path, situation));
    if (row) return { scenario, row };
  }
  const near = candidates.find(({ paths }) => paths.some((path) => isNear(path, situation)));
  return near && { scenario: near, row: undefined };
}

/**
 * Whether a connection is of a user's own scenario, and by which row. Its rows say for themselves what
 * they are written for. Where the way ends nowhere, nothing tells at which endpoint it was to end: then
 * it is of the scenario without a row of it.
 */
export function classifyByOwn(own: PathScenario, situation: Situation): Classified | undefined {
  const { about, paths } = own;
  if (!covers(about, situation)) return undefined;
  const row = paths.find((path) => isOfKind(path, situation));
  if (row) return about === undefined && isSpecial(situation) ? undefined : { scenario: own, row };
  const isEnded = situation.endpoint !== "none";
  if (isEnded || !paths.some((path) => isNear(path, situation))) return undefined;
  return { scenario: own, row: undefined };
}

/** A built-in scenario about a special case goes before an ordinary one. */
function isSpecial(situation: Situation): boolean {
  const builtIn = classify(situation)?.scenario;
  return builtIn?.target === "path" && builtIn.about !== undefined;
}

function covers(about: PathScenario["about"], { features }: Situation): boolean {
  return about === undefined || features.includes(about);
}

/** Those about a feature first. */
const PATH_SCENARIOS: readonly PathScenario[] = SCENARIOS.filter(
  (scenario) => scenario.target === "path",
).toSorted((a, b) => Number(a.about === undefined) - Number(b.about === undefined));

function fits(row: PathRow, situation: Situation): boolean {
  return isOfKind(row, situation) && isWrittenFor(row, situation);
}

function isOfKind(row: PathRow, { client, dialled, endpoint, policy }: Situation): boolean {
  return (
    row.client === client &&
    row.dialled === dialled &&
    row.endpoint === endpoint &&
    (row.policy === undefined || row.policy === policy)
  );
}

/** Settings that change what happens make a row wrong, not the connection another scenario's. */
function isWrittenFor(
  { source }: PathRow,
  { client, service, masquerader, unusual }: Situation,
): boolean {
  // Pods that leave their node are masqueraded by flannel's rules, as rows have it.
  if (client === "pod-other-node" && masquerader !== "flannel") return false;
  const isDrawn = source?.endsWith(":*") === true;
  return unusual.length === 0 || (service === undefined && !isDrawn);
}

function isNear(row: PathRow, { client, dialled, policy }: Situation): boolean {
  const isOfPolicy = row.policy === undefined || row.policy === policy;
  return row.client === client && row.dialled === dialled && isOfPolicy;
}

/** Which clients a scenario is about is the same in every version. */
const PORTMAP: PortmapBehaviour = {
  version: CURRENT_PORTMAP,
  hairpin: true,
  sameNodePods: true,
  source: "",
};

/** By target and client. */
const HOST_PORT_SCENARIOS: ReadonlyMap<string, HostPortScenario> = new Map(
  SCENARIOS.filter((scenario) => scenario.target !== "path").flatMap((scenario) =>
    scenario.rows(PORTMAP).map((row) => [`${scenario.target} ${row.client}`, scenario] as const),
  ),
);

/** The scenarios of hostPort and hostNetwork split a port's clients among them. */
function hostPortScenario({ client, dialled, features }: Situation): HostPortScenario | undefined {
  if (features.length > 0 && dialled === "hostNetwork") return undefined;
  return HOST_PORT_SCENARIOS.get(`${dialled} ${client}`);
}
