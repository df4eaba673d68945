/** A plan's filter over recorded healthy captures: no packet of a connection of the scenario is lost. */
import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { findScenario } from "#expected/scenarios/index.js";
import type { Connection } from "#observed/flow/connection.js";
import { filterText, tunnelText } from "#report/plan-filter.js";
import { makePlan } from "#verify/plan/make-plan.js";
import { trackCaptures } from "../../src/pipeline.js";
import { blockSource } from "../support/capture-read.js";
import {
  ask,
  bytesOf,
  capturesOf,
  NOTHING_GIVEN,
  topologyOf,
  track,
  type NamedCapture,
} from "../support/verify-recorded.js";

const hasTcpdump = spawnSync("sh", ["-c", "command -v tcpdump"]).status === 0;

const CASES = [
  ["hostport-external", "hostport-external"],
  ["hostport-udp", "hostport-external"],
  ["hostport-pod-other-node", "hostport-pod"],
  ["clusterip-pod", "clusterip"],
  ["nodeport-cluster", "nodeport-cluster"],
  ["nodeport-local", "nodeport-local"],
  ["pod-to-pod-other-node", "pod-to-pod"],
  ["pod-egress", "pod-egress"],
  ["docker-published", "docker-published"],
  ["ingress", "ingress"],
] as const;

/** What the filter leaves of a capture, as tcpdump applies it. */
function filtered({ path }: NamedCapture, filter: string): Uint8Array {
  return execFileSync("tcpdump", ["-r", "-", "-w", "-", filter], {
    input: bytesOf(path),
    maxBuffer: 1e8,
    stdio: ["pipe", "pipe", "ignore"],
  });
}

/** What files cost is another test's. */
const unjudged = () => ({ checks: [], lost: new Map() });

const nameOf = ({ protocol, originator, responder, tunnels }: Connection): string =>
  JSON.stringify([protocol, originator, responder, tunnels.length]);

describe.runIf(hasTcpdump).each(CASES)("%s (skipped without tcpdump)", (recorded, name) => {
  test("nothing is lost", async () => {
    const scenario = findScenario(name);
    const topology = topologyOf(recorded);
    const plan = scenario && makePlan({ scenario, topology, subject: {}, judge: unjudged });
    if (!plan) throw new Error("no plan");
    const taken = capturesOf(recorded).filter(({ point }) => !/any|multi/.test(point));
    const report = await ask({
      scenario: name,
      captures: taken,
      given: { ...NOTHING_GIVEN, topology },
    });
    const own = report.connections.filter((connection) => connection.scenario === name);
    const seen = new Set(
      own.flatMap(({ sightings }) =>
        sightings.flatMap(({ evidence }) =>
          evidence.map(({ file, packet }) => `${file}#${packet}`),
        ),
      ),
    );
    let compared = 0;
    for (const capture of taken) {
      const planned = plan.machines
        .flatMap(({ captures }) => captures)
        .find(({ name: own }) => own === capture.point);
      const tunnels =
        planned && planned.tunnels.length > 0 ? ` ${tunnelText(planned.tunnels)}` : "";
      const whole = await track([capture]);
      const isOwn = ({ packetNumbers: { originatorFirst, responderFirst } }: Connection): boolean =>
        [originatorFirst, responderFirst].some(
          (one) => one !== undefined && seen.has(`${one.file}#${one.packet}`),
        );
      const expected = [...whole.connections].filter(isOwn);
      if (expected.length === 0 || !planned) continue;
      const bytes = filtered(capture, `${filterText(plan.filter)}${tunnels}`);
      const left = await trackCaptures(
        [{ point: capture.point, files: [{ name: "x", open: () => blockSource(bytes, "x") }] }],
        { facts: "all" },
      );
      const counts = new Map([...left.connections].map((one) => [nameOf(one), one.packets]));
      for (const connection of expected) {
        expect([capture.point, nameOf(connection), counts.get(nameOf(connection))]).toEqual([
          capture.point,
          nameOf(connection),
          connection.packets,
        ]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(0);
  });
});
