/** Where connections end, and every way they can take there. */
import { describe, expect, test } from "vitest";
import { followPaths } from "#expected/network/follow.js";
import { networkOf, type Network } from "#expected/network/network.js";
import type { Dial, Party, Path } from "#expected/network/path.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { truthCluster } from "../../support/clusters.js";
import { tuple } from "../../support/netfilter.js";

const NETWORK = networkOf(truthCluster(), { family: "ipv4" });

const CLIENT: Party = { kind: "outside", address: "198.51.100.7" };
const pod = (name: string): Party => ({ kind: "pod", name });
const node = (name: string): Party => ({ kind: "node", name });

function dial(from: Party, text: string, via?: string): Dial {
  return { from, tuple: tuple(`tcp ${text}`), ...(via !== undefined && { via }) };
}

function endOf({ end }: Path): string {
  if (end.kind !== "delivered") {
    return `${end.kind} at ${end.namespace.name}: ${end.rule?.chain ?? end.reason}`;
  }
  const who = end.to.kind === "outside" ? end.to.address : end.to.name;
  return `${end.to.kind} ${who}: ${formatPredictedTuple(end.tuple)}`;
}

const endsOf = (paths: readonly Path[]): readonly string[] => paths.map(endOf);

function sum(paths: readonly Path[]): number {
  return paths.reduce((total, { probability }) => total + probability, 0);
}

const WITH_SHARED = truthCluster((text) =>
  text.replace(
    "clients:",
    `  - { name: helper, node: nodeA, address: 10.244.1.2, sharesNetworkOf: podA }
  - { name: host-helper, node: nodeA, address: 192.0.2.10, sharesNetworkOf: hostA }
  - { name: old, node: nodeA, address: 10.244.1.9, gone: true }
  - { name: meshed, node: nodeB, address: 10.244.2.9, sidecar: {} }
clients:`,
  ),
);

describe("an end", () => {
  const network = networkOf(WITH_SHARED, { family: "ipv4" });

  // prettier-ignore
  test.each([
    { what: "a socket of a container that shares a pod's namespace", from: pod("helper"), to: "10.244.1.2:40000 > 127.0.0.1:8080", end: "pod podA: tcp 10.244.1.2:40000 > 127.0.0.1:8080" },
    { what: "dialled from a container that shares a hostNetwork pod's", from: pod("host-helper"), to: "192.0.2.10:40000 > 192.0.2.10:8081", end: "node nodeA: tcp 192.0.2.10:40000 > 192.0.2.10:8081" },
    { what: "a port of a node that nobody is known to listen on", from: CLIENT, to: "198.51.100.7:40000 > 192.0.2.10:5000", end: "node nodeA: tcp 198.51.100.7:40000 > 192.0.2.10:5000" },
    { what: "an address of a pod that is gone", from: pod("podX"), to: "10.244.1.3:40000 > 10.244.1.9:80", end: "dropped at podX: no pod has 10.244.1.9" },
    { what: "the same from the node itself", from: node("nodeA"), to: "10.244.1.1:40000 > 10.244.1.9:80", end: "dropped at nodeA: no pod has 10.244.1.9" },
    { what: "an address of the other node's that no pod has", from: pod("podX"), to: "10.244.1.3:40000 > 10.244.2.77:80", end: "dropped at nodeB: no pod has 10.244.2.77" },
    { what: "a pod's address from outside", from: CLIENT, to: "198.51.100.7:40000 > 10.244.1.2:8080", end: "pod podA: tcp 198.51.100.7:40000 > 10.244.1.2:8080" },
    { what: "a virtual address from outside, by the first node", from: CLIENT, to: "198.51.100.7:40000 > 203.0.113.10:80", end: "pod podA: tcp 10.244.1.1:* > 10.244.1.2:8080" },
    { what: "an address of nobody, from outside", from: CLIENT, to: "198.51.100.7:40000 > 203.0.113.99:80", end: "unknown at nodeA: no node has 203.0.113.99" },
    { what: "dialled by nobody that is known", from: pod("ghost"), to: "10.244.1.3:40000 > 10.244.1.2:80", end: "unknown at nodeA: no pod ghost is known" },
    { what: "dialled by a pod that is gone", from: pod("old"), to: "10.244.1.9:40000 > 10.244.1.2:80", end: "unknown at nodeA: no pod old is known" },
    { what: "the other node's own overlay address", from: node("nodeA"), to: "10.244.1.0:40000 > 10.244.2.0:22", end: "node nodeB: tcp 10.244.1.0:40000 > 10.244.2.0:22" },
    { what: "a machine outside", from: node("nodeA"), to: "192.0.2.10:40000 > 198.51.100.7:443", end: "outside 198.51.100.7: tcp 192.0.2.10:40000 > 198.51.100.7:443" },
  ])("$what", ({ from, to, end }) => {
    expect(endsOf(followPaths(network, dial(from, to)))).toEqual([end]);
  });

  test("that rests on who gets a virtual address's packets says so", () => {
    const [path] = followPaths(network, dial(CLIENT, "198.51.100.7:40000 > 203.0.113.10:80"));
    expect(path?.assumptions).toContain("packets for 203.0.113.10 come to nodeA first");
    const [told] = followPaths(
      network,
      dial(CLIENT, "198.51.100.7:40000 > 203.0.113.10:80", "nodeB"),
    );
    expect(told?.request[0]?.namespace.name).toBe("nodeB");
    expect(told?.assumptions).not.toContain("packets for 203.0.113.10 come to nodeA first");
  });

  test("of ipvs: a virtual address is kube-ipvs0's, and its packets come in by eth0", () => {
    const ipvs = truthCluster((text) => text.replace("kubeProxy: {", "kubeProxy: { mode: ipvs,"));
    const [path] = followPaths(
      networkOf(ipvs, { family: "ipv4" }),
      dial(CLIENT, "198.51.100.7:40000 > 203.0.113.10:80"),
    );
    expect(path?.request[0]?.arrival).toEqual({ from: "interface", name: "eth0" });
    expect(path && endOf(path)).toBe("pod podA: tcp 10.244.1.1:* > 10.244.1.2:8080");
  });

  test("a sidecar takes what comes from outside the pod, and dials the pod itself", () => {
    const [path, ...more] = followPaths(
      network,
      dial(pod("podY"), "10.244.2.3:40000 > 10.244.2.9:8080"),
    );
    expect(more).toEqual([]);
    const proxy = path?.end.kind === "delivered" ? path.end.proxy : undefined;
    expect(path && endOf(path)).toBe("pod meshed: tcp 10.244.2.3:40000 > 10.244.2.9:15006");
    expect(proxy?.program).toBe("sidecar");
    const ends = (proxy?.dials ?? []).flatMap((second) => endsOf(followPaths(network, second)));
    expect(ends).toEqual(["pod meshed: tcp 127.0.0.6:* > 10.244.2.9:8080"]);
  });
});

const DOCKER = (userlandProxy: string): string => `
schema: pcapcheck.topology/v1
nodes:
  - name: one
    addresses: [192.0.2.10]
    docker:
      userlandProxy: ${userlandProxy}
      version: "26.1.4"
      networks: [{ name: bridge, bridge: docker0, subnet: 172.17.0.0/16, gateway: 172.17.0.1 }]
  - name: two
    addresses: [192.0.2.11]
    docker:
      networks: [{ name: bridge, bridge: docker0, subnet: 172.17.0.0/16, gateway: 172.17.0.1 }]
pods:
  - { name: c1, node: one, address: 172.17.0.2, network: bridge, hostPorts: [{ hostPort: 8080, containerPort: 80 }] }
  - { name: c2, node: one, address: 172.17.0.3, network: bridge }
  - { name: d1, node: two, address: 172.17.0.2, network: bridge }
`;

describe("Docker", () => {
  // prettier-ignore
  test.each([
    { proxy: "true",  from: CLIENT,      to: "198.51.100.7:40000 > 192.0.2.10:8080", end: "pod c1: tcp 198.51.100.7:40000 > 172.17.0.2:80", second: [] },
    { proxy: "true",  from: node("one"), to: "192.0.2.10:40000 > 192.0.2.10:8080",   end: "pod c1: tcp 192.0.2.10:40000 > 172.17.0.2:80", second: [] },
    { proxy: "true",  from: node("one"), to: "127.0.0.1:40000 > 127.0.0.1:8080",     end: "node one: tcp 127.0.0.1:40000 > 127.0.0.1:8080", second: ["pod c1: tcp 172.17.0.1:* > 172.17.0.2:80"] },
    { proxy: "true",  from: pod("c2"),   to: "172.17.0.3:40000 > 192.0.2.10:8080",   end: "node one: tcp 172.17.0.3:40000 > 192.0.2.10:8080", second: ["pod c1: tcp 172.17.0.1:* > 172.17.0.2:80"] },
    { proxy: "false", from: node("one"), to: "127.0.0.1:40000 > 127.0.0.1:8080",     end: "pod c1: tcp 172.17.0.1:40000 > 172.17.0.2:80", second: [] },
    { proxy: "false", from: pod("c2"),   to: "172.17.0.3:40000 > 192.0.2.10:8080",   end: "pod c1: tcp 172.17.0.3:40000 > 172.17.0.2:80", second: [] },
    { proxy: "false", from: pod("c1"),   to: "172.17.0.2:40000 > 192.0.2.10:8080",   end: "pod c1: tcp 172.17.0.1:40000 > 172.17.0.2:80", second: [] },
    { proxy: "true",  from: pod("d1"),   to: "172.17.0.2:40000 > 192.0.2.10:8080",   end: "pod c1: tcp 192.0.2.11:40000 > 172.17.0.2:80", second: [] },
    { proxy: "true",  from: pod("c2"),   to: "172.17.0.3:40000 > 172.17.0.2:80",     end: "pod c1: tcp 172.17.0.3:40000 > 172.17.0.2:80", second: [] },
  ])("userland proxy $proxy: $to", ({ proxy, from, to, end, second }) => {
    const network = networkOf(truthCluster(() => DOCKER(proxy)), { family: "ipv4" });
    const [path, ...more] = followPaths(network, dial(from, to));
    expect(more).toEqual([]);
    expect(path && endOf(path)).toBe(end);
    expect(path?.reply?.isRecognised).toBe(true);
    const dials = path?.end.kind === "delivered" ? (path.end.proxy?.dials ?? []) : [];
    expect(dials.flatMap((one) => endsOf(followPaths(network, one)))).toEqual(second);
  });
});

describe("endpoints", () => {
  const both = truthCluster((text) =>
    text.replace(
      "endpoints: [{ pod: podA }]",
      "endpoints: [{ pod: podA }, { pod: podB }, { pod: podY, ready: false }]",
    ),
  );
  const network = networkOf(both, { family: "ipv4" });

  test("one path for each that is ready, as probable as its rule makes it", () => {
    const paths = followPaths(network, dial(pod("podX"), "10.244.1.3:40000 > 10.96.0.10:80"));
    expect(paths.map((path) => `${path.probability} ${endOf(path)}`)).toEqual([
      "0.5 pod podA: tcp 10.244.1.3:40000 > 10.244.1.2:8080",
      "0.5 pod podB: tcp 10.244.1.3:40000 > 10.244.2.2:8080",
    ]);
    expect(paths.every(({ reply }) => reply?.isRecognised)).toBe(true);
  });

  test(
    "of thousands the first are told and the rest as one, without an end",
    { timeout: 30_000 },
    () => {
      const [near, ...others] = both.services;
      if (near === undefined) throw new Error("no service");
      const state = { ready: true, serving: true, terminating: false };
      const endpoints = Array.from({ length: 2000 }, (_, at) => ({
        ...state,
        address: "10.244.2.2",
        node: "nodeB",
        pod: "podB",
        port: 1000 + at,
      }));
      const many = networkOf(
        { ...both, services: [{ ...near, endpoints }, ...others] },
        { family: "ipv4" },
      );
      const paths = followPaths(many, dial(CLIENT, "198.51.100.7:40000 > 192.0.2.10:30080"));
      expect(paths.length).toBeLessThan(300);
      expect(sum(paths)).toBeCloseTo(1, 9);
      expect(paths.map(endOf).at(-1)).toBe("unknown at nodeA: more ways than the model follows");
    },
  );
});

/** A node with rules of one's own. */
function withRules(
  network: Network,
  name: string,
  change: (state: NodeState) => NodeState,
): Network {
  const states = new Map(
    [...network.nodes].map(([key, state]): [string, NodeState] => [
      key,
      key === name ? change(state) : state,
    ]),
  );
  return networkOf(network.topology, { family: network.family, states });
}

describe("an answer", () => {
  test("that goes another way than the request came is not known", () => {
    const topology = truthCluster((text) =>
      text.replace("masquerade: flannel", "masquerade: none"),
    );
    const plain = networkOf(topology, { family: "ipv4" });
    const unmarked = withRules(plain, "nodeA", (state) => {
      const nat = new Map(state.rules.tables.get("nat"));
      const chain = nat.get("KUBE-MARK-MASQ");
      if (chain) nat.set("KUBE-MARK-MASQ", { ...chain, rules: [] });
      return {
        ...state,
        rules: { ...state.rules, tables: new Map([...state.rules.tables, ["nat", nat]]) },
      };
    });
    const [path] = followPaths(unmarked, dial(CLIENT, "198.51.100.7:40000 > 192.0.2.10:30081"));
    expect(path && endOf(path)).toBe("pod podB: tcp 198.51.100.7:40000 > 10.244.2.2:8080");
    expect(path?.reply?.hops.map(({ namespace }) => namespace.name)).toEqual(["podB", "nodeB"]);
    expect(path?.reply?.arrives && formatPredictedTuple(path.reply.arrives)).toBe(
      "tcp 10.244.2.2:8080 > 198.51.100.7:40000",
    );
    expect(path?.reply?.isRecognised).toBe(false);
    const resets = path
      ? predictedSightings(unmarked, path).filter(({ why }) => why?.includes("RFC 9293"))
      : [];
    expect(resets.map((sighting) => formatPredictedTuple(sighting.tuple))).toEqual([
      "tcp 198.51.100.7:40000 > 10.244.2.2:8080",
    ]);
  });

  test("of a server outside that was shown a pod's own address finds no way back", () => {
    const topology = truthCluster((text) =>
      text.replace("masquerade: flannel", "masquerade: none"),
    );
    const network = networkOf(topology, { family: "ipv4" });
    const [path] = followPaths(network, dial(pod("podX"), "10.244.1.3:40000 > 198.51.100.7:443"));
    expect(path && endOf(path)).toBe(
      "outside 198.51.100.7: tcp 10.244.1.3:40000 > 198.51.100.7:443",
    );
    expect(path?.reply).toEqual({ hops: [], arrives: undefined, isRecognised: false });
  });

  test("nodes that send a packet in circles are followed so far", () => {
    const circle = [...NETWORK.nodes].map(([name, state]): [string, NodeState] => {
      const gateway = name === "nodeA" ? "192.0.2.11" : "192.0.2.10";
      const routes = state.routes.map((route) =>
        route.destination.length > 0
          ? route
          : { ...route, hops: route.hops.map((hop) => ({ ...hop, gateway })) },
      );
      return [name, { ...state, routes }];
    });
    const network = networkOf(truthCluster(), { family: "ipv4", states: new Map(circle) });
    const paths = followPaths(
      network,
      dial(CLIENT, "198.51.100.7:40000 > 203.0.113.99:80", "nodeA"),
    );
    expect(paths.map(({ end }) => end.kind)).toEqual(["unknown"]);
    expect(paths[0] && endOf(paths[0])).toContain("passes more than 16 namespaces");
  });
});

const IPV6 = `
schema: pcapcheck.topology/v1
nodes:
  - { name: nodeA, addresses: ["2001:db8::10"], podCIDR: "fd44:1::/64" }
  - { name: nodeB, addresses: ["2001:db8::11"], podCIDR: "fd44:2::/64" }
pods:
  - { name: podA, node: nodeA, address: "fd44:1::2", hostPorts: [{ hostPort: 9000, containerPort: 8080 }] }
  - { name: podX, node: nodeA, address: "fd44:1::3" }
  - { name: podB, node: nodeB, address: "fd44:2::2" }
clusterCIDR: "fd44::/16"
podNetwork: {}
kubeProxy: {}
services:
  - { name: default/far, clusterIPs: ["fd00::20"], ports: [{ port: 80, targetPort: 8080, nodePort: 30081 }], endpoints: [{ pod: podB }] }
`;

describe("IPv6", () => {
  const network = networkOf(
    truthCluster(() => IPV6),
    { family: "ipv6" },
  );
  const outside: Party = { kind: "outside", address: "2001:db8:ff::7" };

  // prettier-ignore
  test.each([
    { from: outside,       to: "[2001:db8:ff::7]:40000 > [2001:db8::10]:9000",  end: "pod podA: tcp [2001:db8:ff::7]:40000 > [fd44:1::2]:8080" },
    { from: pod("podX"),   to: "[fd44:1::3]:40000 > [2001:db8::10]:9000",   end: "pod podA: tcp [fd44:1::1]:40000 > [fd44:1::2]:8080" },
    { from: pod("podX"),   to: "[fd44:1::3]:40000 > [fd44:2::2]:8080",  end: "pod podB: tcp [fd44:1::3]:40000 > [fd44:2::2]:8080" },
    { from: pod("podX"),   to: "[fd44:1::3]:40000 > [fd00::20]:80",         end: "pod podB: tcp [fd44:1::3]:40000 > [fd44:2::2]:8080" },
    { from: outside,       to: "[2001:db8:ff::7]:40000 > [2001:db8::10]:30081", end: "pod podB: tcp [fd44:1::]:* > [fd44:2::2]:8080" },
    { from: node("nodeA"), to: "[::1]:40000 > [::1]:9000",                      end: "dropped at podA: a loopback address on eth0 is discarded" },
  ])("$to", ({ from, to, end }) => {
    const paths = followPaths(network, dial(from, to));
    expect(endsOf(paths)).toEqual([end]);
  });
});
