/** What a plan says that a missing file costs is what `verify` then says of a recorded case. */
import { describe, expect, test } from "vitest";
import { findScenario } from "#expected/scenarios/index.js";
import { prefixOf } from "#net/prefix.js";
import { makePlan } from "#verify/plan/make-plan.js";
import type { Plan, PlannedCapture } from "#verify/plan/plan.js";
import type { CheckName, ConnectionReport } from "#verify/report.js";
import {
  ask,
  capturesOf,
  NOTHING_GIVEN,
  topologyOf,
  type NamedCapture,
} from "../../support/verify-recorded.js";

const CLIENT = [prefixOf("198.51.100.79", 32)];

/** Healthy cases, the scenario that each is of, and what narrows a plan to what was dialled in it. */
const CASES = [
  ["hostport-external", "hostport-external", {}],
  ["hostport-pod-other-node", "hostport-pod", { pod: "p2a" }],
  ["clusterip-pod", "clusterip", { pod: "p1b" }],
  ["nodeport-local", "nodeport-local", {}],
  ["pod-to-pod-other-node", "pod-to-pod", { pod: "p2a" }],
  ["pod-egress", "pod-egress", {}],
  ["plan-nodeport", "nodeport-cluster", { service: "default/api", node: "node1", clients: CLIENT }],
] as const;

/** A node's own processes: the plan says that what all other files do not show tells what they dialled. */
const UNTOLD: ReadonlySet<string> = new Set(["own-address", "localhost"]);

/** Says nothing where there are too few captures to compare. */
const OF_SEVERAL: CheckName = "seen at every point it must cross";

const passed = ({ checks }: ConnectionReport): readonly CheckName[] =>
  checks.flatMap(({ check, verdict }) => (verdict === "pass" ? [check] : []));

const evidenceOf = ({ sightings }: ConnectionReport): readonly string[] =>
  sightings.flatMap(({ evidence }) => evidence.map(({ file, packet }) => `${file}#${packet}`));

interface Asked {
  readonly recorded: string;
  readonly scenario: string;
  readonly captures: readonly NamedCapture[];
}

/** Of all connections, whatever a capture alone takes them for. */
async function judged({
  recorded,
  scenario,
  captures,
}: Asked): Promise<readonly ConnectionReport[]> {
  const given = { ...NOTHING_GIVEN, topology: topologyOf(recorded) };
  return (await ask({ scenario, captures, given })).connections;
}

/** Those that all captures together take for the scenario's: the controls are of another. */
async function ofScenario(asked: Asked, all: readonly ConnectionReport[]) {
  const own = all.filter(
    ({ scenario, client }) => scenario === asked.scenario && !UNTOLD.has(client ?? ""),
  );
  const packets = new Set(own.flatMap(evidenceOf));
  const reports = await judged(asked);
  return reports.filter((report) => evidenceOf(report).some((packet) => packets.has(packet)));
}

function planned(recorded: string, name: string, subject: object): Plan {
  const scenario = findScenario(name);
  const plan = scenario && makePlan({ scenario, topology: topologyOf(recorded), subject });
  if (!plan) throw new Error(`no plan for ${recorded}`);
  return plan;
}

/** A veth is recorded by its pod's name, and planned by its own. */
function recordedOf(capture: PlannedCapture, taken: readonly NamedCapture[]): NamedCapture[] {
  const [node] = capture.name.split(".");
  const names = new Set([capture.name, `${node}.veth-${capture.pod}`]);
  return taken.filter(({ point }) => names.has(point));
}

describe.each(CASES)("%s", (recorded, scenario, subject) => {
  const plan = planned(recorded, scenario, subject);
  const captures = plan.machines.flatMap((machine) => machine.captures);
  const taken = captures.flatMap((capture) => recordedOf(capture, capturesOf(recorded)));

  test("was recorded at every point that the plan names", () => {
    const missing = captures.filter((capture) => recordedOf(capture, taken).length !== 1);
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  const asked = { recorded, scenario, captures: taken };

  test("is told by all of them as the plan says", async () => {
    const all = await judged(asked);
    const told = new Set((await ofScenario(asked, all)).flatMap(passed));
    expect([...told].sort()).toEqual([...plan.checks].sort());
  });

  test.each(captures.map((capture) => ({ name: capture.name, capture })))(
    "without $name is as the plan says",
    async ({ capture }) => {
      const own = recordedOf(capture, taken);
      const all = await judged(asked);
      const others = { ...asked, captures: taken.filter((one) => !own.includes(one)) };
      const [before, left] = [await ofScenario(asked, all), await ofScenario(others, all)];
      const lost = plan.checks.filter(
        (check) => check !== OF_SEVERAL && count(left, check) < count(before, check),
      );
      expect(lost).toEqual(capture.lost);
    },
  );
});

function count(reports: readonly ConnectionReport[], check: CheckName): number {
  return reports.filter((report) => passed(report).includes(check)).length;
}
