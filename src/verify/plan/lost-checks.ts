/** What is lost without a capture: what `verify` itself makes of the others. */
import type { Topology } from "#cluster/topology.js";
import { CURRENT_PORTMAP, portmapBehaviour } from "#expected/rulesets/portmap.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { CHECK_NAMES, type CheckName, type Report } from "#verify/report.js";
import { verify } from "#verify/verify.js";
import { foreseenCaptures, type ForeseenPath } from "./foreseen-captures.js";

export interface LossRequest {
  readonly scenario: Scenario;
  readonly topology: Topology;
  /** One of each kind. */
  readonly paths: readonly ForeseenPath[];
}

export interface Losses {
  /** What can be told with all of them. */
  readonly checks: readonly CheckName[];
  /** By the capture that is missing where all others are there. */
  readonly lost: ReadonlyMap<string, readonly CheckName[]>;
}

export function lostChecks(request: LossRequest): Losses {
  const judged = request.paths.map((path) => judge(path, request));
  const names = [...new Set(judged.flatMap(({ without }) => [...without.keys()]))];
  const isShown = (name: string): readonly Judged[] =>
    judged.filter(({ without }) => without.has(name));
  return {
    checks: inOrder(judged.flatMap(({ all }) => [...all])),
    lost: new Map(
      names.map((name) => [
        name,
        inOrder(
          isShown(name).flatMap(({ all, without }) => lacking(all, without.get(name) ?? all)),
        ),
      ]),
    ),
  };
}

interface Judged {
  readonly all: ReadonlySet<CheckName>;
  readonly without: ReadonlyMap<string, ReadonlySet<CheckName>>;
}

function judge(path: ForeseenPath, request: LossRequest): Judged {
  const names = [...new Set(path.sightings.map(({ capture }) => capture))];
  const told = (taken: readonly string[]): ReadonlySet<CheckName> =>
    taken.length === 0 ? new Set() : passed(reportOn(path, { ...request, names: taken }));
  return {
    all: told(names),
    without: new Map(
      names.map((name) => [name, told(names.filter((other) => other !== name))] as const),
    ),
  };
}

interface Taken extends Pick<LossRequest, "scenario" | "topology"> {
  readonly names: readonly string[];
}

function reportOn(path: ForeseenPath, { scenario, topology, names }: Taken): Report {
  const version = topology.portmap ?? CURRENT_PORTMAP;
  const portmap = portmapBehaviour(version);
  if (portmap === undefined) throw new Error(`portmap ${version} made a network`);
  const given = {
    node: undefined,
    pod: undefined,
    hostPort: undefined,
    containerPort: undefined,
    clients: undefined,
    topology,
  };
  return verify({ ...foreseenCaptures(path, names), scenario, portmap, strict: false, given });
}

/** Checks that pass, of whichever connection. */
function passed({ connections }: Report): ReadonlySet<CheckName> {
  const checks = connections.flatMap((connection) => connection.checks);
  return new Set(checks.filter(({ verdict }) => verdict === "pass").map(({ check }) => check));
}

/** As reports have them, each once. */
function inOrder(checks: readonly CheckName[]): readonly CheckName[] {
  return CHECK_NAMES.filter((name) => checks.includes(name));
}

/** One that only compares captures says nothing where there are too few to compare. */
const OF_SEVERAL: CheckName = "seen at every point it must cross";

function lacking(
  before: ReadonlySet<CheckName>,
  after: ReadonlySet<CheckName>,
): readonly CheckName[] {
  return [...before].filter((check) => check !== OF_SEVERAL && !after.has(check));
}
