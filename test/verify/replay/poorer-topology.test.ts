/** A topology that lacks a node, a pod, a client or a Service: what it does not know accuses nobody. */
import { describe, expect, test } from "vitest";
import type { Pod, Topology } from "#cluster/topology.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import { askReplay, IS_FULL } from "../../support/replay-cases.js";
import { flipsOf } from "../../support/replay-flips.js";
import { wholeStory } from "../../support/replay-stories.js";
import { CASES, topologyOf } from "../../support/verify-recorded.js";

interface Poorer {
  readonly lacks: string;
  readonly topology: Topology;
}

/** Each entry left out in turn, with what a file could not name without it. */
function poorerOnes(topology: Topology): readonly Poorer[] {
  const { nodes, pods, clients, services } = topology;
  return [
    ...nodes.map((node) => ({
      lacks: `node ${node.name}`,
      topology: {
        ...withoutPods(
          topology,
          pods.filter((pod) => pod.node === node.name),
        ),
        nodes: nodes.filter((other) => other !== node),
      },
    })),
    ...pods.map((pod) => ({ lacks: `pod ${pod.name}`, topology: withoutPods(topology, [pod]) })),
    ...clients.map((client) => ({
      lacks: `client ${client.name}`,
      topology: { ...topology, clients: clients.filter((other) => other !== client) },
    })),
    ...services.map((service) => ({
      lacks: `service ${service.name}`,
      topology: {
        ...topology,
        services: services.filter((other) => other !== service),
        pods: pods.map((pod) =>
          pod.proxyFor === service.name ? { ...pod, proxyFor: undefined } : pod,
        ),
      },
    })),
  ];
}

/** Endpoints keep their addresses. */
function withoutPods(topology: Topology, gone: readonly Pod[]): Topology {
  const isGone = (name: string | undefined): boolean => gone.some((pod) => pod.name === name);
  return {
    ...topology,
    pods: topology.pods.filter(
      ({ name, sharesNetworkOf }) => !isGone(name) && !isGone(sharesNetworkOf),
    ),
    services: topology.services.map((service) => ({
      ...service,
      endpoints: service.endpoints.map((endpoint) =>
        isGone(endpoint.pod) ? { ...endpoint, pod: undefined } : endpoint,
      ),
    })),
  };
}

const POORER = CASES.flatMap((recorded) =>
  poorerOnes(topologyOf(recorded)).map((poorer) => ({ recorded, ...poorer })),
).filter((_, at) => IS_FULL || at % 2 === 0);

describe("an incomplete topology accuses nobody", () => {
  test.each(POORER)("$recorded without $lacks", async ({ recorded, topology }) => {
    const whole = await wholeStory(recorded);
    const part = await askReplay({ recorded, topology });
    const accusations = flipsOf(whole, part).filter((flip) => / now fail /.test(flip));
    expect(accusations).toEqual([]);
  });
});

describe("without a topology a path scenario is inconclusive and says what it needs", () => {
  const names = SCENARIOS.filter(({ target }) => target === "path").map(({ name }) => name);

  test.each(names)("%s", async (scenario) => {
    for (const recorded of [
      "clusterip-pod",
      "broken-nodeport-local-as-cluster",
      "docker-published",
    ]) {
      const report = await askReplay({ recorded, scenario, topology: "none" });
      expect(report.verdict).toBe("inconclusive");
      expect(report.connections).toEqual([]);
      expect(report.notes.join("\n")).toContain(
        `${scenario} is held against the model of a cluster: --topology FILE`,
      );
    }
  });

  // By rows, which test/verify/auto-without-topology.test.ts holds.
  test("auto accuses nobody", async () => {
    const recorded = "broken-nodeport-local-as-cluster";
    const report = await askReplay({ recorded, scenario: "auto", topology: "none" });
    expect(report.verdict).toBe("inconclusive");
    expect(report.notes.join("\n")).toContain("without --topology FILE or --state DIR");
  });
});
