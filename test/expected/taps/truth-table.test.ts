/**
 * The truth about translation on a node, row by row as it was measured: bridge CNI, flannel over
 * VXLAN, kube-proxy in iptables mode since 1.25, portmap since 0.8.6, bridge-nf on. `cp` is the
 * client's own port, `rp` one that the kernel draws.
 */
import { afterAll, describe, expect, test } from "vitest";
import { followPaths } from "#expected/network/follow.js";
import { networkOf, type Network } from "#expected/network/network.js";
import { namespaceOfParty, stateOf } from "#expected/network/namespace.js";
import type { Dial, Party, Path } from "#expected/network/path.js";
import { sourceAddressFor } from "#expected/network/source-address.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import {
  reverse,
  type PredictedEndpoint,
  type PredictedTuple,
} from "#expected/netfilter/predicted-tuple.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { truthCluster } from "../../support/clusters.js";
import {
  NO_BRIDGE_NF,
  TABLE,
  VARIATIONS,
  type Row,
  type Variation,
} from "../../support/truth-rows.js";

const NAMES: Readonly<Record<string, string>> = {
  "198.51.100.7": "client",
  "198.51.100.200": "allowed",
  "192.0.2.200": "balancer",
  "192.0.2.10": "nodeA",
  "192.0.2.11": "nodeB",
  "10.244.1.1": "CNI0_A",
  "10.244.1.0": "FL_A",
  "10.244.2.1": "CNI0_B",
  "10.244.2.0": "FL_B",
  "10.244.1.2": "podA",
  "10.244.1.3": "podX",
  "10.244.1.4": "ingress-pod",
  "10.244.2.2": "podB",
  "10.244.2.3": "podY",
  "10.96.0.10": "near",
  "10.96.0.20": "far",
  "10.96.0.50": "inner-local",
  "10.96.0.60": "none",
  "10.96.0.80": "host",
  "203.0.113.10": "near-external",
  "203.0.113.11": "far-external",
  "203.0.113.20": "near-balanced",
  "203.0.113.21": "far-balanced",
  "203.0.113.22": "near-local-balanced",
  "203.0.113.23": "far-local-balanced",
  "203.0.113.30": "ranges-balanced",
};
const ADDRESSES = new Map(Object.entries(NAMES).map(([address, name]) => [name, address]));

const CLIENT_PORT = 40_000;

function name({ address, port }: PredictedEndpoint): string {
  const own = port === CLIENT_PORT ? "cp" : port;
  return `${NAMES[address] ?? address}:${port === "any" ? "rp" : own}`;
}

const arrow = ({ source, destination }: PredictedTuple): string =>
  `${name(source)} > ${name(destination)}`;

const NETWORK = networkOf(truthCluster(), { family: "ipv4" });

describe("the truth table", () => {
  test.each(TABLE)("$path: $from to $to", (row) => {
    expect(told(NETWORK, row)).toEqual(expected(row));
  });
});

function varied({ topology, sysctl }: Variation): Network {
  const network = networkOf(truthCluster(topology), { family: "ipv4" });
  if (sysctl === undefined) return network;
  const states = [...network.nodes].map(([node, state]): [string, NodeState] => [
    node,
    { ...state, sysctls: new Map([...state.sysctls, sysctl]) },
  ]);
  return networkOf(network.topology, { family: "ipv4", states: new Map(states) });
}

describe("what varies", () => {
  test.each(VARIATIONS)("$path", (row) => {
    expect(told(varied(row), row)).toEqual(expected(row));
  });

  test("ClusterIP, local endpoint, bridge-nf off: the answer goes past NAT and is not known", () => {
    const row = { path: "", from: "podX", to: "near:80", sees: "", sysctl: NO_BRIDGE_NF };
    const network = varied(row);
    const { reply } = onlyPath(network, dialOf(network, row));
    expect(reply?.isRecognised).toBe(false);
    expect(reply?.arrives && arrow(reply.arrives)).toBe("podA:8080 > podX:cp");
  });
});

/** Of the table and not held here. */
const NOT_HELD: readonly string[] = [
  "rows of nft (portmap since 1.6 told so, kube-proxy in nftables mode): no nft ruleset is read",
  "portmap snat false and masqAll: a topology does not say",
  "ip-masq-agent, Calico and kindnet: their rules are read and not written",
  "kube-proxy before 1.25: its rules are read and not written",
  "ipvs beyond three rows: held in its own tests, for no kernel with it was at hand",
];

afterAll(() => {
  for (const reason of NOT_HELD) process.stdout.write(`truth table, not held: ${reason}\n`);
});

/** A proxy's second connection. */
// prettier-ignore
const SECOND = [
  { path: "ingress on the node, local endpoint", from: "client", to: "nodeA:80", program: "ingress", sees: "CNI0_A:rp", ttl: 64 },
  { path: "ingress on the node, remote endpoint", from: "client", to: "nodeA:81", program: "ingress", sees: "FL_A:rp", ttl: 63 },
  { path: "ingress as a pod", from: "podX", to: "ingress-pod:80", program: "ingress", sees: "ingress-pod:rp", ttl: 64 },
];

describe("of two connections the second", () => {
  test.each(SECOND)("$path", ({ from, to, program, sees, ttl }) => {
    const { end } = onlyPath(NETWORK, dialOf(NETWORK, { from, to }));
    const proxy = end.kind === "delivered" ? end.proxy : undefined;
    const second = (proxy?.dials ?? []).map((dial) => endOf(onlyPath(NETWORK, dial)));
    expect({ program: proxy?.program, second }).toEqual({ program, second: [{ sees, ttl }] });
  });
});

describe("the answer", () => {
  const answered = TABLE.filter(({ ttl }) => ttl !== undefined);

  test.each(answered)("$path: $from gets it from $to", (row) => {
    const dial = dialOf(NETWORK, row);
    const { reply } = onlyPath(NETWORK, dial);
    expect(reply?.arrives && arrow(reply.arrives)).toBe(arrow(reverse(dial.tuple)));
    expect(reply?.isRecognised).toBe(true);
  });

  test.each(TABLE.filter(({ ttl }) => ttl === undefined))("$path: $from gets none", (row) => {
    expect(onlyPath(NETWORK, dialOf(NETWORK, row)).reply).toBeUndefined();
  });

  /** `eth0`, `cni0` and `flannel` are of nodeA, what a bridge may show in brackets. */
  // prettier-ignore
  test.each([
    { from: "client", to: "nodeA:9000", pod: "podA:8080 > client:cp 64", cni0: "podA:8080 > client:cp 64", flannel: "", eth0: "nodeA:9000 > client:cp 63" },
    { from: "client", to: "nodeA:30080", pod: "podA:8080 > CNI0_A:rp 64", cni0: "podA:8080 > client:cp 64", flannel: "", eth0: "nodeA:30080 > client:cp 63" },
    { from: "client", to: "nodeA:30081", pod: "podB:8080 > FL_A:rp 64", cni0: "", flannel: "podB:8080 > FL_A:rp 63", eth0: "VXLAN(podB:8080 > FL_A:rp) 63, nodeA:30081 > client:cp 62" },
    { from: "client", to: "nodeA:30086", pod: "", cni0: "", flannel: "", eth0: "nodeA:30086 > client:cp 64" },
    { from: "nodeA", to: "127.0.0.1:9000", pod: "podA:8080 > CNI0_A:cp 64", cni0: "podA:8080 > 127.0.0.1:cp 64", flannel: "", eth0: "" },
    { from: "nodeA", to: "near:80", pod: "podA:8080 > CNI0_A:rp 64", cni0: "podA:8080 > nodeA:cp 64", flannel: "", eth0: "" },
    { from: "podX", to: "nodeA:9000", pod: "podA:8080 > CNI0_A:cp 64", cni0: "[podA:8080 > podX:cp 64], [podA:8080 > podX:cp 63]", flannel: "", eth0: "" },
    { from: "podX", to: "podA:8080", pod: "podA:8080 > podX:cp 64", cni0: "[podA:8080 > podX:cp 64]", flannel: "", eth0: "" },
    { from: "podX", to: "near:80", pod: "podA:8080 > podX:cp 64", cni0: "[podA:8080 > podX:cp 64]", flannel: "", eth0: "" },
    { from: "podX", to: "far:80", pod: "podB:8080 > podX:cp 64", cni0: "far:80 > podX:cp 62", flannel: "podB:8080 > podX:cp 63", eth0: "VXLAN(podB:8080 > podX:cp) 63" },
  ])("$to to $from on its way back", ({ from, to, ...points }) => {
    const replies = predictedSightings(NETWORK, onlyPath(NETWORK, dialOf(NETWORK, { from, to }))).filter(
      ({ direction }) => direction === "reply",
    );
    const at = (isThere: (sighting: PredictedSighting) => boolean): string =>
      replies.filter(isThere).map(describeReply).join(", ");
    const onNode = (port: string) => at(({ point }) => point.interface === port && isNodeA(point));
    const [server = ""] = points.pod.split(":");
    expect({
      pod: at(({ point }) => "name" in point.namespace && point.namespace.name === server),
      cni0: onNode("cni0"),
      flannel: onNode("flannel.1"),
      eth0: onNode("eth0"),
    }).toEqual(points);
  });
});

const isNodeA = ({ namespace }: PredictedSighting["point"]): boolean =>
  "name" in namespace && namespace.name === "nodeA";

function describeReply({ tuple, outer, ttlLowered, seen }: PredictedSighting): string {
  const text = outer ? `VXLAN(${arrow(tuple)})` : arrow(tuple);
  const shown = `${text} ${64 - ttlLowered}`;
  return seen === "must" ? shown : `[${shown}]`;
}

describe("on lo", () => {
  // prettier-ignore
  test.each([
    { from: "nodeA", to: "nodeA:30086", node: "nodeA:rp > nodeA:9090, nodeA:30086 > nodeA:cp", why: "the endpoint is a process of the node" },
    { from: "nodeA", to: "nodeA:8081", node: "nodeA:cp > nodeA:8081, nodeA:8081 > nodeA:cp", why: "nothing is translated" },
    { from: "nodeA", to: "127.0.0.1:9000", node: "", why: "it is translated before a device is reached" },
    { from: "nodeA", to: "127.0.0.1:30080", node: "", why: "it is translated before a device is reached" },
    { from: "nodeA", to: "nodeA:30084", node: "nodeA:cp > nodeA:30084", why: "it is rejected on its way in" },
    { from: "nodeA", to: "none:80", node: "", why: "it is rejected on its way out" },
    { from: "client", to: "nodeA:8081", node: "", why: "it comes by eth0" },
  ])("$to by $from: $why", ({ from, to, node }) => {
    const path = onlyPath(NETWORK, dialOf(NETWORK, { from, to }));
    const shown = predictedSightings(NETWORK, path).filter(
      ({ point, seen }) => point.kind === "loopback" && seen === "must",
    );
    expect(shown.map(({ tuple }) => arrow(tuple)).join(", ")).toBe(node);
  });

  test.each(["127.0.0.1:8080", "podA:8080"])("of a pod: %s, and nowhere else", (to) => {
    const path = onlyPath(NETWORK, dialOf(NETWORK, { from: "podA", to }));
    const points = predictedSightings(NETWORK, path).map(({ point }) => point);
    expect([...new Set(points.map(({ kind }) => kind))]).toEqual(["loopback"]);
  });
});

interface Told {
  readonly eth0: string;
  readonly overlay: string;
  readonly sees: string;
  readonly ttl: number | undefined;
}

function expected({ eth0 = "", overlay = "", sees, ttl }: Row): Told & { readonly rules: boolean } {
  return { eth0, overlay, sees, ttl, rules: true };
}

function told(network: Network, row: Row): Told & { readonly rules: boolean } {
  const path = onlyPath(network, dialOf(network, row));
  const requests = predictedSightings(network, path).filter(
    ({ direction, seen }) => direction === "request" && seen === "must",
  );
  const at = (kind: string): string => {
    const here = requests.filter(({ point, outer }) => {
      return point.namespace.kind === "node" && point.kind === kind && outer === undefined;
    });
    return [...new Set(here.map(({ tuple }) => arrow(tuple)))].join(", ");
  };
  const chains = path.request.flatMap(({ trace }) =>
    trace.steps.flatMap((step) => (step.kind === "rule" ? [step.chain] : [])),
  );
  return {
    eth0: at("uplink"),
    overlay: at("overlay"),
    ...endOf(path),
    rules: chains.some((chain) => chain.startsWith(row.rule ?? "")) || row.rule === undefined,
  };
}

function endOf({ end, request }: Path): {
  readonly sees: string;
  readonly ttl: number | undefined;
} {
  if (end.kind !== "delivered") {
    const by = end.rule?.chain ?? end.reason;
    return { sees: `${end.kind} by ${by}`, ttl: undefined };
  }
  const lowered = request.reduce((sum, hop) => sum + hop.ttlLowered, 0);
  return { sees: name(end.tuple.source), ttl: 64 - lowered };
}

function onlyPath(network: Network, dial: Dial): Path {
  const [path, ...more] = followPaths(network, dial);
  if (path === undefined || more.length > 0) throw new Error(`${more.length + 1} paths`);
  return path;
}

/** `client via nodeA`, `nodeA as podA`. */
function dialOf(network: Network, { from, to }: Pick<Row, "from" | "to">): Dial {
  const [who = "", word, what = ""] = from.split(" ");
  const [host = "", port] = to.split(":");
  const destination = { address: ADDRESSES.get(host) ?? host, port: Number(port) };
  const party = partyCalled(network, who);
  const namespace = namespaceOfParty(network, party);
  const state = namespace && stateOf(network, namespace);
  const own = state && sourceAddressFor(state, destination.address);
  const bound = word === "as" ? ADDRESSES.get(what) : undefined;
  const source = { address: bound ?? own ?? ADDRESSES.get(who) ?? "", port: CLIENT_PORT };
  const tuple = { protocol: "tcp", source, destination };
  return { from: party, tuple, ...(word === "via" && { via: what }) };
}

function partyCalled({ nodes, pods }: Network, who: string): Party {
  if (nodes.has(who)) return { kind: "node", name: who };
  if (pods.has(who)) return { kind: "pod", name: who };
  return { kind: "outside", address: ADDRESSES.get(who) ?? "" };
}
