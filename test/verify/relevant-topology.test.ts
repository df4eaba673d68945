/** A recorded case inside a large cluster: what nobody saw changes no verdict. */
import { describe, expect, test } from "vitest";
import type { Service } from "#cluster/service.js";
import type { Node, Pod, Topology } from "#cluster/topology.js";
import { parsePrefix } from "#net/prefix.js";
import { relevantTopology } from "#verify/relevant-topology.js";
import { ask, capturesOf, NOTHING_GIVEN, topologyOf } from "../support/verify-recorded.js";

const OTHER_NODES = 40;
const PODS_EACH = 30;

/** The case's own cluster, and forty nodes with thirty pods each, behind a Service of their own. */
function within(topology: Topology): Topology {
  const [pattern] = topology.pods;
  if (!pattern) throw new Error("a case without pods");
  const nodes = Array.from({ length: OTHER_NODES }, (_, at): Node => ({
    name: `other${at}`,
    addresses: [`10.20.40.${at + 1}`],
    podCIDR: parsePrefix(`10.233.${at + 100}.0/24`),
    interfaces: [],
    docker: undefined,
  }));
  const pods = nodes.flatMap(({ name }, at) =>
    Array.from({ length: PODS_EACH }, (_, index): Pod => {
      const address = `10.233.${at + 100}.${index + 2}`;
      const own = { hostPorts: [], ports: [], hostNetwork: false, gone: false };
      return { ...pattern, ...own, name: `${name}-${index}`, node: name, address };
    }),
  );
  const [service] = topology.services;
  const others = service ? [serviceOf(service, pods)] : [];
  return {
    ...topology,
    nodes: [...nodes, ...topology.nodes],
    pods: [...pods, ...topology.pods],
    services: [...others, ...topology.services],
  };
}

function serviceOf(pattern: Service, pods: readonly Pod[]): Service {
  return {
    ...pattern,
    name: "other/service",
    clusterIPs: ["10.96.99.99"],
    externalIPs: [],
    loadBalancerIPs: [],
    healthCheckNodePort: undefined,
    ports: [{ name: undefined, protocol: "tcp", port: 80, targetPort: 80, nodePort: 31_999 }],
    endpoints: pods.map(({ name: pod, node, address }) => ({
      pod,
      node,
      address,
      port: undefined,
      ready: true,
      serving: true,
      terminating: false,
    })),
  };
}

describe("verdicts are those of the cluster by itself", () => {
  test.each([
    "nodeport-cluster",
    "clusterip-pod",
    "hostport-external",
    "hostport-pod-other-node",
    "pod-to-pod-other-node",
    "broken-nodeport-no-masquerade",
    "broken-clusterip-dead-endpoint",
    "broken-session-affinity",
  ])("%s", async (recorded) => {
    const answer = async (topology: Topology) => {
      const given = { ...NOTHING_GIVEN, topology };
      const report = await ask({ scenario: "auto", captures: capturesOf(recorded), given });
      return report.connections.map(({ id, scenario, verdict }) => ({ id, scenario, verdict }));
    };
    const topology = topologyOf(recorded);
    expect(await answer(within(topology))).toEqual(await answer(topology));
  });
});

describe("what is kept", () => {
  const topology = within(topologyOf("nodeport-cluster"));
  const asked = { captures: [], connections: [] };

  test("of what nobody saw two nodes, with two pods each", () => {
    const { nodes, pods, services } = relevantTopology(topology, asked);
    expect(nodes.map(({ name }) => name)).toEqual(["other0", "other1"]);
    expect(pods.map(({ name }) => name)).toEqual(["other0-0", "other0-1", "other1-0", "other1-1"]);
    expect(services).toEqual([]);
  });

  test("where a capture was taken, and what a hostPort makes part of its node's rules", () => {
    const hostPorts = [
      { hostPort: 9000, containerPort: 80, protocol: "tcp" as const, hostIP: undefined },
    ];
    const pods = topology.pods.map((pod) =>
      pod.name === "other7-9" ? { ...pod, hostPorts } : pod,
    );
    const captures = ["other7/eth0", "pod:other9-5"].map((point) => ({
      point,
      file: "a.pcap",
      records: 1,
      first: undefined,
      last: undefined,
    }));
    const kept = relevantTopology({ ...topology, pods }, { captures, connections: [] });
    expect(kept.nodes.map(({ name }) => name)).toEqual(["other0", "other1", "other7", "other9"]);
    const names = kept.pods.map(({ name }) => name);
    expect(names).toContain("other7-9");
    expect(names).toContain("other9-5");
    expect(names).not.toContain("other7-8");
  });

  test("a small cluster whole", () => {
    const small = topologyOf("nodeport-cluster");
    expect(relevantTopology(small, asked)).toBe(small);
  });
});
