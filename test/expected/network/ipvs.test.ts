/** A cluster whose kube-proxy runs in ipvs mode: whole connections, there and back. */
import { describe, expect, test } from "vitest";
import type { Service } from "#cluster/service.js";
import { plainPod, type Node, type Pod, type Topology } from "#cluster/topology.js";
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { followPaths } from "#expected/network/follow.js";
import { networkOf } from "#expected/network/network.js";
import type { Party, Path } from "#expected/network/path.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { parsePrefix } from "#net/prefix.js";
import { madeProxy } from "../../support/kube-proxy-services.js";
import { endpoint } from "../../support/netfilter.js";

const VIP = "10.96.0.20";

function node(name: string, at: number): Node {
  return {
    name,
    addresses: [`192.168.50.1${at}`],
    podCIDR: parsePrefix(`10.244.${at}.0/24`),
    interfaces: [
      {
        name: "eth0",
        index: 2,
        kind: "uplink",
        addresses: [prefix(`192.168.50.1${at}/24`)],
        pod: undefined,
      },
      {
        name: "cni0",
        index: 3,
        kind: "bridge",
        addresses: [prefix(`10.244.${at}.1/24`)],
        pod: undefined,
      },
      {
        name: "flannel.1",
        index: 4,
        kind: "overlay",
        addresses: [prefix(`10.244.${at}.0/32`)],
        pod: undefined,
      },
    ],
    docker: undefined,
  };
}

function prefix(text: string) {
  const found = parsePrefix(text);
  if (found === undefined) throw new Error(`${text} is no prefix`);
  return found;
}

const KUBE_PROXY = madeProxy({ mode: "ipvs", version: undefined });

function web(more: Partial<Service>, ...pods: readonly Pod[]): Topology {
  const service: Service = {
    name: "default/web",
    clusterIPs: [VIP],
    ports: [{ name: undefined, protocol: "tcp", port: 80, targetPort: 8080, nodePort: 30_080 }],
    externalIPs: [],
    loadBalancerIPs: [],
    loadBalancerSourceRanges: [],
    externalTrafficPolicy: "Cluster",
    internalTrafficPolicy: "Cluster",
    sessionAffinitySeconds: undefined,
    healthCheckNodePort: undefined,
    endpoints: pods.map(({ name, address, node: on }) => {
      const state = { ready: true, serving: true, terminating: false };
      return { address, node: on, pod: name, port: undefined, ...state };
    }),
    ...more,
  };
  return {
    nodes: [node("node1", 1), node("node2", 2)],
    pods: [HERE, CLIENT, THERE],
    services: [service],
    clients: [],
    clusterCIDR: parsePrefix("10.244.0.0/16"),
    portmap: undefined,
    kubeProxy: KUBE_PROXY,
    podNetwork: undefined,
  };
}

const HERE = plainPod({ name: "here", node: "node1", address: "10.244.1.2" });
const CLIENT = plainPod({ name: "client", node: "node1", address: "10.244.1.3" });
const THERE = plainPod({ name: "there", node: "node2", address: "10.244.2.2" });

const OUTSIDE: Party = { kind: "outside", address: "192.168.50.100" };
const FROM_POD: Party = { kind: "pod", name: "client" };
const FROM_NODE: Party = { kind: "node", name: "node1" };

interface Dialled {
  readonly from: Party;
  readonly source: string;
  readonly to: string;
}

function paths(topology: Topology, { from, source, to }: Dialled): readonly Path[] {
  const tuple = { protocol: "tcp", source: endpoint(source), destination: endpoint(to) };
  return followPaths(networkOf(topology, { family: "ipv4" }), { from, tuple });
}

/** Who has it, as what, and what the client hears. */
function story({ end, reply }: Path): string {
  const seen = end.kind === "delivered" ? formatPredictedTuple(end.tuple) : (end.reason ?? "");
  const heard = reply?.arrives ? formatPredictedTuple(reply.arrives) : "nothing";
  return `${end.kind} ${seen}; ${heard}${reply?.isRecognised === true ? "" : ", a stranger"}`;
}

const LAN = "192.168.50.100:40000";
const NODE_PORT = "192.168.50.11:30080";
const ANSWER = (from: string, to: string): string => `tcp ${from} > ${to}`;

// oxfmt-ignore
test.each([
  { who: "a client outside, the pod here",   from: OUTSIDE,   source: LAN,                 to: NODE_PORT,   like: web({}, HERE),  story: `delivered tcp 10.244.1.1:* > 10.244.1.2:8080; ${ANSWER(NODE_PORT, LAN)}` },
  { who: "a client outside, the pod there",  from: OUTSIDE,   source: LAN,                 to: NODE_PORT,   like: web({}, THERE), story: `delivered tcp 10.244.1.0:* > 10.244.2.2:8080; ${ANSWER(NODE_PORT, LAN)}` },
  { who: "a client outside, eTP Local",      from: OUTSIDE,   source: LAN,                 to: NODE_PORT,   like: web({ externalTrafficPolicy: "Local" }, HERE), story: `delivered tcp ${LAN} > 10.244.1.2:8080; ${ANSWER(NODE_PORT, LAN)}` },
  { who: "a pod, the pod here",              from: FROM_POD,  source: "10.244.1.3:40000",  to: `${VIP}:80`, like: web({}, HERE),  story: `delivered tcp 10.244.1.3:40000 > 10.244.1.2:8080; ${ANSWER(`${VIP}:80`, "10.244.1.3:40000")}` },
  { who: "a pod, the pod there",             from: FROM_POD,  source: "10.244.1.3:40000",  to: `${VIP}:80`, like: web({}, THERE), story: `delivered tcp 10.244.1.3:40000 > 10.244.2.2:8080; ${ANSWER(`${VIP}:80`, "10.244.1.3:40000")}` },
  { who: "a pod that dials itself",          from: FROM_POD,  source: "10.244.1.3:40000",  to: `${VIP}:80`, like: web({}, CLIENT), story: `delivered tcp 10.244.1.1:40000 > 10.244.1.3:8080; ${ANSWER(`${VIP}:80`, "10.244.1.3:40000")}` },
  { who: "a node, the pod here",             from: FROM_NODE, source: `${VIP}:40000`,      to: `${VIP}:80`, like: web({}, HERE),  story: `delivered tcp 10.244.1.1:* > 10.244.1.2:8080; ${ANSWER(`${VIP}:80`, `${VIP}:40000`)}` },
  { who: "a node, the pod there",            from: FROM_NODE, source: `${VIP}:40000`,      to: `${VIP}:80`, like: web({}, THERE), story: `delivered tcp 10.244.1.0:* > 10.244.2.2:8080; ${ANSWER(`${VIP}:80`, `${VIP}:40000`)}` },
])("$who", ({ like, story: expected, ...dialled }) => {
  expect(paths(like, dialled).map(story)).toEqual([expected]);
});

describe("eTP Local without an endpoint of the node", () => {
  const LOCAL = { externalTrafficPolicy: "Local" } as const;

  test("is masqueraded by flannel all the same", () => {
    const [path] = paths(web(LOCAL, THERE), { from: OUTSIDE, source: LAN, to: NODE_PORT });
    expect(path && story(path)).toBe(
      `delivered tcp 10.244.1.0:* > 10.244.2.2:8080; ${ANSWER(NODE_PORT, LAN)}`,
    );
  });

  test("without that is answered from the pod's own address, which the client does not know", () => {
    const podNetwork = { backend: "vxlan", masquerade: "none" } as const;
    const like = { ...web(LOCAL, THERE), podNetwork };
    const [path] = paths(like, { from: OUTSIDE, source: LAN, to: NODE_PORT });
    expect(path && story(path)).toBe(
      `delivered tcp ${LAN} > 10.244.2.2:8080; ${ANSWER("10.244.2.2:8080", LAN)}, a stranger`,
    );
  });
});

// The node sends from the balancer's address, which every node has on its kube-ipvs0 (k8s issue 93456).
test("a node without an endpoint of its own does not reach a balancer's address under eTP Local", () => {
  const balancer = "203.0.113.20";
  const local = { externalTrafficPolicy: "Local", loadBalancerIPs: [balancer] } as const;
  const podNetwork = { backend: "vxlan", masquerade: "none" } as const;
  const like = { ...web(local, THERE), podNetwork };
  const dialled = { from: FROM_NODE, source: `${balancer}:40000`, to: `${balancer}:80` };
  expect(paths(like, dialled).map(story)).toEqual([
    `dropped martian source: ${balancer} is an address of this node and came in by flannel.1; nothing, a stranger`,
  ]);
});

test("a node port is served on every address of the node, listed or made by its programs", () => {
  const like = web({}, HERE);
  const nodes = like.nodes.map((one) => ({
    ...one,
    interfaces: one.interfaces.filter(({ kind }) => kind !== "bridge"),
  }));
  const dialled = { from: FROM_POD, source: "10.244.1.3:40000", to: "10.244.1.1:30080" };
  expect(paths({ ...like, nodes }, dialled).map(story)).toEqual([
    "delivered tcp 10.244.1.1:* > 10.244.1.2:8080; tcp 10.244.1.1:30080 > 10.244.1.3:40000",
  ]);
});

test("a pod's packet is on the bridge as it was dialled, then as the real server gets it", () => {
  const like = web({}, HERE);
  const network = networkOf(like, { family: "ipv4" });
  const [path] = paths(like, { from: FROM_POD, source: "10.244.1.3:40000", to: `${VIP}:80` });
  const sightings = path ? predictedSightings(network, path) : [];
  const seen = sightings
    .filter(({ point, direction }) => point.interface === "cni0" && direction === "request")
    .map(({ tuple, ttlLowered }) => `${formatPredictedTuple(tuple)} ${ttlLowered}`);
  expect(seen).toEqual([
    `tcp 10.244.1.3:40000 > ${VIP}:80 0`,
    "tcp 10.244.1.3:40000 > 10.244.1.2:8080 1",
  ]);
});
