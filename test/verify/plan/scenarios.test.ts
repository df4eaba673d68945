/** The plan of every scenario, for the example cluster that stands for one that nobody told. */
import { describe, expect, test } from "vitest";
import { placeOf } from "#cluster/point-role.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { PathPointName } from "#expected/scenarios/path-row.js";
import type { RowPoint, Scenario } from "#expected/scenarios/scenario.js";
import { exampleCluster } from "#verify/plan/example-cluster.js";
import { makePlan } from "#verify/plan/make-plan.js";
import type { Plan, PlannedCapture } from "#verify/plan/plan.js";
import { portmapOf } from "../../support/verify-recorded.js";

function planOf(scenario: Scenario): Plan {
  const example = exampleCluster(scenario.name);
  if (!example) throw new Error(`${scenario.name}: add its line in example-cluster.ts`);
  const plan = makePlan({ scenario, ...example, subject: {} });
  if (!plan) throw new Error(`${scenario.name}: its example has no such connection`);
  return plan;
}

const capturesOf = ({ machines }: Plan): readonly PlannedCapture[] =>
  machines.flatMap(({ captures }) => captures);

/** What a row's capture point is, wherever the example has its machines. */
const ROLES: Record<PathPointName | RowPoint, RegExp> = {
  client: /^client /,
  server: /^client /,
  "client-pod": /^pod .*eth0/,
  "client-veth": /^veth /,
  "client-bridge": /^bridge /,
  "client-overlay": /^overlay /,
  "client-uplink": /^uplink /,
  uplink: /^uplink /,
  loopback: /^loopback /,
  overlay: /^overlay /,
  bridge: /^bridge /,
  "endpoint-uplink": /^uplink /,
  "endpoint-overlay": /^overlay /,
  "endpoint-bridge": /^bridge /,
  "endpoint-loopback": /^loopback /,
  veth: /^veth /,
  pod: /^pod .*eth0/,
  "pod-loopback": /^pod .*lo/,
};

/** Rows that an example would have to have a second Service or a route of its own for. */
const BY_TOPOLOGY_ALONE: ReadonlySet<string> = new Set([
  "machine outside with a route to the pod",
  "process on another node to node:nodePort, no endpoint on any node",
  "process on the node, by its own address, to node:nodePort, no endpoint on any node",
  "process on the node, by 127.0.0.1, to node:nodePort, no endpoint on any node",
]);

/** Nothing but what is missing tells. */
const NEVER_ANSWERED: ReadonlySet<string> = new Set(["clusterip-no-endpoints"]);

/** Every point that a row says must show it. */
function needed(scenario: Scenario): readonly (PathPointName | RowPoint)[] {
  const points =
    scenario.target === "path"
      ? scenario.paths
          .filter(({ name }) => !BY_TOPOLOGY_ALONE.has(name))
          .flatMap((row) => row.points.filter(({ seen }) => seen === "must").map(({ at }) => at))
      : scenario
          .rows(portmapOf("1.1.1"))
          .flatMap((row) => row.points.filter(({ seen }) => seen === "always").map(({ at }) => at));
  return [...new Set(points)];
}

describe.each(SCENARIOS.map((scenario) => ({ name: scenario.name, scenario })))(
  "$name",
  ({ scenario }) => {
    const plan = planOf(scenario);

    test("has a capture for every kind of point that a row says must show it", () => {
      const captures = capturesOf(plan).map(({ role, interface: port }) => `${role} ${port}`);
      const missing = needed(scenario).filter(
        (at) => !captures.some((capture) => ROLES[at].test(capture)),
      );
      expect(missing).toEqual([]);
    });

    test("its files' names tell where they were taken", () => {
      const { topology } = exampleCluster(scenario.name) ?? {};
      const wrong = capturesOf(plan).filter(({ name, role, pod }) => {
        const place = placeOf(name, topology);
        const isOfPod = role === "pod" || role === "veth";
        // A bridge that the example names is known by the topology alone.
        return name.includes("BRIDGE")
          ? false
          : place.role !== role || (isOfPod && place.pod !== pod);
      });
      expect(wrong).toEqual([]);
    });

    test("all captures together tell something, unless nobody is to answer", () => {
      const isAnswered = !NEVER_ANSWERED.has(scenario.name);
      expect(plan.checks.length > 0).toBe(isAnswered);
    });

    test("what a missing capture costs, all of them tell", () => {
      for (const { name, lost } of capturesOf(plan)) {
        expect([name, ...lost.filter((check) => !plan.checks.includes(check))]).toEqual([name]);
      }
    });
  },
);
