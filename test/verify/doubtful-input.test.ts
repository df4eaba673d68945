/** Captures under wrong names, and topologies of another day: they accuse nobody. */
import { describe, expect, test } from "vitest";
import type { Topology } from "#cluster/topology.js";
import type { Report } from "#verify/report.js";
import {
  track,
  capturesOf,
  NOTHING_GIVEN,
  portmapOf,
  topologyOf,
} from "../support/verify-recorded.js";
import type { NamedCapture } from "../support/verify-recorded.js";
import { AUTO } from "#verify/auto.js";
import { verifyCaptures } from "../../src/pipeline.js";

interface Story {
  readonly captures: readonly NamedCapture[];
  readonly topology: Topology;
}

async function verdictOf({ captures, topology }: Story): Promise<Report> {
  return verifyCaptures(await track(captures), {
    scenario: AUTO,
    given: { ...NOTHING_GIVEN, topology },
    strict: false,
    portmap: portmapOf("1.1.1"),
  });
}

const exchanged = (recorded: string): Story => ({
  topology: topologyOf(recorded),
  captures: capturesOf(recorded)
    .filter(({ point }) => !point.includes("veth"))
    .map(({ point, path }) => ({ point: point.replace(/^node[12]/, otherNode), path })),
});

const otherNode = (name: string): string => (name === "node1" ? "node2" : "node1");

describe("files of two nodes exchanged", () => {
  test.each(["nodeport-cluster", "clusterip-no-endpoints", "clusterip-pod", "externalip"])(
    "%s accuses nobody and says whose they are",
    async (recorded) => {
      const { verdict, notes } = await verdictOf(exchanged(recorded));
      expect(verdict).not.toBe("fail");
      expect(notes.filter((note) => note.includes("are left out"))).toHaveLength(2);
    },
  );

  test("under their own names none is left out", async () => {
    const recorded = "nodeport-cluster";
    const { verdict, notes } = await verdictOf({
      captures: capturesOf(recorded),
      topology: topologyOf(recorded),
    });
    expect(verdict).toBe("pass");
    expect(notes.filter((note) => note.includes("are left out"))).toEqual([]);
  });
});

describe("captures called after what the topology does not list", () => {
  interface Row {
    readonly recorded: string;
    readonly called: (point: string) => string;
    readonly unlisted: string;
  }

  test.each<Row>([
    {
      recorded: "hostport-external",
      called: (point) => point.replace("pod-p1a", "pod-web"),
      unlisted: "pod web",
    },
    {
      recorded: "hostport-external",
      called: (point) => point.replace("veth-p1a", "veth-web"),
      unlisted: "pod web",
    },
    {
      recorded: "nodeport-cluster",
      called: (point) => point.replace("node1", "worker-1"),
      unlisted: "node worker-1",
    },
    {
      recorded: "pod-to-pod-other-node",
      called: (point) => point.replace("pod-p1a", "p1a-7f9c"),
      unlisted: "node p1a-7f9c",
    },
    {
      recorded: "pod-to-pod-other-node",
      called: (point) => point.replace("pod-p1a", "pod-p1\na"),
      unlisted: "node pod-p1\na",
    },
  ])("$recorded, $unlisted: accuses nobody and says so", async ({ recorded, called, unlisted }) => {
    const { verdict, notes } = await verdictOf({
      captures: capturesOf(recorded).map(({ point, path }) => ({ point: called(point), path })),
      topology: topologyOf(recorded),
    });
    expect(verdict).not.toBe("fail");
    expect(
      notes.filter((note) => note.startsWith(`the topology lists no ${unlisted}:`)),
    ).toHaveLength(1);
  });
});

test("pods at other addresses than in the topology accuse nobody", async () => {
  const recorded = "nodeport-cluster";
  const topology = topologyOf(recorded);
  const pods = topology.pods.map((pod) => ({ ...pod, address: `${pod.address}0` }));
  const moved = new Map(pods.map(({ name, address }) => [name, address]));
  const services = topology.services.map((service) => ({
    ...service,
    endpoints: service.endpoints.map((endpoint) => ({
      ...endpoint,
      address: moved.get(endpoint.pod ?? "") ?? endpoint.address,
    })),
  }));
  const { verdict } = await verdictOf({
    captures: capturesOf(recorded),
    topology: { ...topology, pods, services },
  });
  expect(verdict).toBe("inconclusive");
});
