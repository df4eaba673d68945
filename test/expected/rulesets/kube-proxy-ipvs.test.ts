/**
 * kube-proxy's ipvs mode, from Services to what becomes of a packet. Rows by client, kind of Service
 * and policy; what IPVS does is after the kernel's source alone, for none here has it.
 */
import { describe, expect, test } from "vitest";
import type { KubeProxy, Service, ServiceEndpoint } from "#cluster/service.js";
import type { HostInterface } from "#cluster/host.js";
import { readIpRoute } from "#cluster/ip-json.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { Arrival, PacketInput } from "#expected/netfilter/packet.js";
import { formatPredictedEndpoint } from "#expected/netfilter/predicted-tuple.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { IPVS_DEVICE, kubeProxyIpvs } from "#expected/rulesets/kube-proxy-ipvs.js";
import { parsePrefix, prefixOf, type Prefix } from "#net/prefix.js";
import { madeProxy } from "../../support/kube-proxy-services.js";
import { endpoint, outcome } from "../../support/netfilter.js";

// The addresses of the seed's cluster: worker1, the pod on it, and the client on another node.
const NODE = "10.20.32.204";
const CLIENT = "10.20.32.201";
const CNI0 = "10.233.1.1";
const FLANNEL = "10.233.1.0";
const LOCAL = "10.233.1.133";
const OTHER_POD = "10.233.1.140";
const REMOTE = "10.233.2.7";

const VIP = "10.96.0.20";
const EXTERNAL = "198.51.100.20";
const BALANCER = "203.0.113.20";
const HEALTH = 32_122;
const NODE_PORT = 30_080;

const OUTSIDE = "192.0.2.7";

function prefix(text: string): Prefix {
  const found = parsePrefix(text);
  if (found === undefined) throw new Error(`${text} is no prefix`);
  return found;
}

function port(name: string, ...addresses: readonly string[]): HostInterface {
  const own = addresses.map((text) => {
    const { address, length } = prefix(text);
    const scope = name === "lo" ? ("host" as const) : ("global" as const);
    return { address, subnet: prefixOf(address, length), scope, isSecondary: false };
  });
  return {
    name,
    bridge: undefined,
    isBridge: name === "cni0",
    isLoopback: name === "lo",
    addresses: own,
  };
}

const INTERFACES = [
  port("lo", "127.0.0.1/8", "::1/128"),
  port("eth0", `${NODE}/24`, "2001:db8:20::204/64"),
  port("flannel.1", `${FLANNEL}/32`),
  port("cni0", `${CNI0}/24`, "2001:db8:1::1/64"),
];

const ROUTES = readIpRoute({
  file: "routes.json",
  family: "ipv4",
  text: JSON.stringify([
    { dst: "default", gateway: "10.20.32.1", dev: "eth0" },
    { dst: "10.20.32.0/24", dev: "eth0" },
    { dst: "10.233.1.0/24", dev: "cni0" },
    { dst: "10.233.2.0/24", gateway: "10.233.2.0", dev: "flannel.1" },
    { dst: "::/0", gateway: "2001:db8:20::1", dev: "eth0" },
    { dst: "2001:db8:1::/64", dev: "cni0" },
  ]),
});

const KUBE_PROXY = madeProxy({ mode: "ipvs" });

function ready(address: string, more: Partial<ServiceEndpoint> = {}): ServiceEndpoint {
  const node = address === REMOTE ? "worker2" : "worker1";
  const state = { ready: true, serving: true, terminating: false };
  return { address, node, pod: undefined, port: undefined, ...state, ...more };
}

const HTTP = {
  name: undefined,
  protocol: "tcp" as const,
  port: 80,
  targetPort: 8080,
  nodePort: NODE_PORT,
};

/** One Service that can be dialled in every way. */
const WEB: Service = {
  name: "default/web",
  clusterIPs: [VIP],
  ports: [HTTP],
  externalIPs: [EXTERNAL],
  loadBalancerIPs: [BALANCER],
  loadBalancerSourceRanges: [],
  externalTrafficPolicy: "Cluster",
  internalTrafficPolicy: "Cluster",
  sessionAffinitySeconds: undefined,
  healthCheckNodePort: HEALTH,
  endpoints: [ready(LOCAL), ready(REMOTE)],
};
const INTERNAL: Service = {
  ...WEB,
  ports: [{ ...HTTP, nodePort: undefined }],
  externalIPs: [],
  loadBalancerIPs: [],
};

interface Made {
  readonly service?: Partial<Service>;
  readonly kubeProxy?: Partial<KubeProxy>;
  readonly family?: "ipv4" | "ipv6";
  /** Of other programs, behind kube-proxy's. */
  readonly rules?: string;
  readonly base?: Service;
}

function ipvsOf({ service, kubeProxy, family = "ipv4", base = WEB }: Made) {
  const own = INTERFACES.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  return kubeProxyIpvs({
    family,
    node: {
      name: "worker1",
      addresses: [NODE, ...own],
    },
    services: [{ ...base, ...service }],
    kubeProxy: { ...KUBE_PROXY, ...kubeProxy },
    clusterCIDR: prefix(family === "ipv4" ? "10.233.0.0/16" : "2001:db8:1::/48"),
  });
}

function nodeOf(made: Made): NodeState {
  const ipvs = ipvsOf(made);
  const text = iptablesSaveText([ipvs.rules]) + (made.rules ?? "");
  const virtual = ipvs.addresses.map((one) => `${one}/${one.includes(":") ? 128 : 32}`);
  return {
    name: "worker1",
    interfaces: [...INTERFACES, port(IPVS_DEVICE, ...virtual)],
    routes: ROUTES,
    rules: readIptablesSave({ file: "rules", text }),
    sets: ipvs.sets,
    sysctls: new Map([
      ["net.ipv4.ip_forward", "1"],
      ["net.bridge.bridge-nf-call-iptables", "1"],
      ["net.ipv4.conf.all.route_localnet", "0"],
      ...ipvs.sysctls,
    ]),
    entries: [],
    ipvs: ipvs.virtualServers,
  };
}

/** Who dials, and how the packet comes to the node. */
const CLIENTS = {
  outside: { source: OUTSIDE, arrival: { from: "interface", name: "eth0" } },
  "other node": { source: CLIENT, arrival: { from: "interface", name: "eth0" } },
  pod: { source: OTHER_POD, arrival: { from: "interface", name: "cni0" } },
  "the pod itself": { source: LOCAL, arrival: { from: "interface", name: "cni0" } },
  node: { source: NODE, arrival: { from: "process" } },
  // kube-ipvs0 has the address, so a process that binds to none sends from it.
  "node by the VIP": { source: VIP, arrival: { from: "process" } },
  "node by the LB": { source: BALANCER, arrival: { from: "process" } },
  localhost: { source: "127.0.0.1", arrival: { from: "process" } },
} as const satisfies Record<string, { readonly source: string; readonly arrival: Arrival }>;

type Client = keyof typeof CLIENTS;

interface Dial {
  readonly client: Client;
  readonly to: string;
  readonly protocol?: string;
}

function dial({ client, to, protocol = "tcp" }: Dial): PacketInput {
  const { source, arrival } = CLIENTS[client];
  return {
    tuple: { protocol, source: { address: source, port: 40_000 }, destination: endpoint(to) },
    arrival,
  };
}

/** `cni0 10.233.1.1:* > 10.233.1.133:8080`, `rejected …`. */
function way(trace: Trace): string {
  if (trace.disposition !== "forwarded") return outcome(trace);
  const { source, destination } = trace.final;
  return `${trace.out} ${formatPredictedEndpoint(source)} > ${formatPredictedEndpoint(destination)}`;
}

const ways = (made: Made, packet: Dial): readonly string[] =>
  traverse(nodeOf(made), dial(packet)).map(way);

// Masqueraded, to either endpoint; and with the client's own address.
const MASQUERADED_HERE = `cni0 ${CNI0}:* > ${LOCAL}:8080`;
const MASQUERADED_THERE = `flannel.1 ${FLANNEL}:* > ${REMOTE}:8080`;
const MASQUERADED = [MASQUERADED_HERE, MASQUERADED_THERE];
const here = (source: string): string => `cni0 ${source}:40000 > ${LOCAL}:8080`;
const there = (source: string): string => `flannel.1 ${source}:40000 > ${REMOTE}:8080`;
const kept = (source: string): readonly string[] => [here(source), there(source)];
const REFUSED = ["rejected icmp-port-unreachable"];
const FILTERED = [
  "rejected -A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j REJECT --reject-with icmp-port-unreachable icmp-port-unreachable",
];
const SHUT_OUT = ["dropped -A KUBE-SOURCE-RANGES-FIREWALL -j DROP"];

type Row = Dial & { readonly like?: Made; readonly ways: readonly string[] };

const NO_DETECTOR: Made = { kubeProxy: { localDetector: "none" } };
const ALL: Made = { kubeProxy: { masqueradeAll: true } };

// oxfmt-ignore
const CLUSTER_IP: readonly Row[] = [
  { client: "pod",             to: `${VIP}:80`, ways: kept(OTHER_POD) },
  { client: "the pod itself",  to: `${VIP}:80`, ways: [`cni0 ${CNI0}:40000 > ${LOCAL}:8080`, there(LOCAL)] },
  { client: "outside",         to: `${VIP}:80`, ways: MASQUERADED },
  { client: "other node",      to: `${VIP}:80`, ways: MASQUERADED },
  { client: "node by the VIP", to: `${VIP}:80`, ways: MASQUERADED },
  { client: "node",            to: `${VIP}:80`, ways: MASQUERADED },
  { client: "pod",             to: `${VIP}:80`, like: ALL,         ways: MASQUERADED },
  { client: "outside",         to: `${VIP}:80`, like: NO_DETECTOR, ways: kept(OUTSIDE) },
  { client: "pod",             to: `${VIP}:80`, like: NO_DETECTOR, ways: kept(OTHER_POD) },
  { client: "node by the VIP", to: `${VIP}:80`, like: NO_DETECTOR, ways: MASQUERADED },
  { client: "node",            to: `${VIP}:80`, like: NO_DETECTOR, ways: kept(NODE) },
  { client: "localhost",       to: `${VIP}:80`, ways: Array<string>(2).fill("dropped IPVS sends nothing from 127.0.0.1 to another machine") },
  { client: "pod",             to: `${VIP}:81`, ways: FILTERED },
  { client: "pod",             to: `${VIP}:80`, protocol: "udp", ways: FILTERED },
  { client: "pod",             to: `${VIP}:${NODE_PORT}`, ways: FILTERED },
];

const iTP = (more: Partial<Service>, base: Service): Made => ({
  base,
  service: { internalTrafficPolicy: "Local", ...more },
});
const AWAY = { endpoints: [ready(REMOTE)] };

// oxfmt-ignore
const INTERNAL_POLICY: readonly Row[] = [
  { client: "pod",     to: `${VIP}:80`, like: iTP({}, INTERNAL),   ways: [here(OTHER_POD)] },
  { client: "outside", to: `${VIP}:80`, like: iTP({}, INTERNAL),   ways: [MASQUERADED_HERE] },
  { client: "pod",     to: `${VIP}:80`, like: iTP(AWAY, INTERNAL), ways: REFUSED },
  // kube-proxy has the other nodes' endpoints at hand for the node port, and then falls back to them.
  { client: "pod",     to: `${VIP}:80`, like: iTP(AWAY, WEB),      ways: [there(OTHER_POD)] },
];

// oxfmt-ignore
const ENDPOINTS: readonly Row[] = [
  { client: "pod",     to: `${VIP}:80`,             like: { service: { endpoints: [] } }, ways: REFUSED },
  { client: "node by the VIP", to: `${VIP}:80`,     like: { service: { endpoints: [] } }, ways: REFUSED },
  { client: "outside", to: `${NODE}:${NODE_PORT}`,  like: { service: { endpoints: [] } }, ways: REFUSED },
  { client: "pod",     to: `${VIP}:80`,             like: { service: { endpoints: [ready(LOCAL, { ready: false }), ready(REMOTE)] } }, ways: [there(OTHER_POD)] },
  { client: "pod",     to: `${VIP}:80`,             like: { service: { endpoints: [ready(LOCAL, { ready: false, terminating: true })] } }, ways: [here(OTHER_POD)] },
  { client: "pod",     to: `${VIP}:80`,             like: { service: { endpoints: [ready(LOCAL, { port: 9090 })] } }, ways: [`cni0 ${OTHER_POD}:40000 > ${LOCAL}:9090`] },
  // An endpoint of the node's own network is served where the packet is; nothing masquerades it.
  { client: "outside", to: `${NODE}:${NODE_PORT}`,  like: { service: { endpoints: [ready(NODE)] } }, ways: [`delivered-locally tcp ${OUTSIDE}:40000 > ${NODE}:8080`] },
  { client: "pod",     to: `${VIP}:80`,             like: { service: { endpoints: [ready(NODE)] } }, ways: [`delivered-locally tcp ${OTHER_POD}:40000 > ${NODE}:8080`] },
];

const eTP = (more: Partial<Service> = {}): Made => ({
  service: { externalTrafficPolicy: "Local", ...more },
});
const NODE_ENDS = [`${NODE}:${NODE_PORT}`, `${CNI0}:${NODE_PORT}`, `${FLANNEL}:${NODE_PORT}`];

// oxfmt-ignore
const NODE_PORTS: readonly Row[] = [
  ...NODE_ENDS.flatMap((to): Row[] => [
    { client: "outside",     to, ways: MASQUERADED },
    { client: "pod",         to, ways: MASQUERADED },
    { client: "node",        to, ways: MASQUERADED },
    { client: "outside",     to, like: eTP(),     ways: [here(OUTSIDE)] },
  ]),
  { client: "other node",    to: `${NODE}:${NODE_PORT}`, ways: MASQUERADED },
  { client: "localhost",     to: `127.0.0.1:${NODE_PORT}`, ways: [`delivered-locally tcp 127.0.0.1:40000 > 127.0.0.1:${NODE_PORT}`] },
  { client: "localhost",     to: `127.0.0.1:${NODE_PORT}`, like: eTP(), ways: [`delivered-locally tcp 127.0.0.1:40000 > 127.0.0.1:${NODE_PORT}`] },
  { client: "pod",           to: `${NODE}:${NODE_PORT}`, like: eTP(),     ways: [here(OTHER_POD)] },
  { client: "node",          to: `${NODE}:${NODE_PORT}`, like: eTP(),     ways: [here(NODE)] },
  // Not dropped: the answer will come from the pod's own address, and the client will not have it.
  { client: "outside",       to: `${NODE}:${NODE_PORT}`, like: eTP(AWAY), ways: [there(OUTSIDE)] },
  { client: "other node",    to: `${NODE}:${NODE_PORT}`, like: eTP(AWAY), ways: [there(CLIENT)] },
  { client: "pod",           to: `${NODE}:${NODE_PORT}`, like: eTP(AWAY), ways: [there(OTHER_POD)] },
  { client: "outside",       to: `${NODE}:${NODE_PORT}`, like: eTP({ endpoints: [] }), ways: REFUSED },
  // Where flannel masquerades what comes from outside of the cluster, it does so here.
  { client: "outside",       to: `${NODE}:${NODE_PORT}`, like: { ...eTP(AWAY), rules: "*nat\n-A POSTROUTING ! -s 10.233.0.0/16 -d 10.233.0.0/16 -j MASQUERADE --random-fully\nCOMMIT\n" }, ways: [MASQUERADED_THERE] },
  { client: "outside",       to: `${NODE}:${NODE_PORT}`, like: { kubeProxy: { nodePortAddresses: [prefix("10.20.0.0/16")] } }, ways: MASQUERADED },
  { client: "outside",       to: `${CNI0}:${NODE_PORT}`, like: { kubeProxy: { nodePortAddresses: [prefix("10.20.0.0/16")] } }, ways: [`delivered-locally tcp ${OUTSIDE}:40000 > ${CNI0}:${NODE_PORT}`] },
  { client: "localhost",     to: `127.0.0.1:${NODE_PORT}`, like: { kubeProxy: { nodePortAddresses: [prefix("127.0.0.0/8")] } }, ways: [`delivered-locally tcp 127.0.0.1:40000 > 127.0.0.1:${NODE_PORT}`] },
  { client: "outside",       to: `${NODE}:${HEALTH}`,    like: eTP(),     ways: [`delivered-locally tcp ${OUTSIDE}:40000 > ${NODE}:${HEALTH}`] },
];

const ranges = (...texts: readonly string[]): Made => ({
  service: { loadBalancerSourceRanges: texts.map(prefix) },
});

// oxfmt-ignore
const EXTERNAL_ADDRESSES: readonly Row[] = [
  ...[EXTERNAL, BALANCER].flatMap((address): Row[] => [
    { client: "outside",     to: `${address}:80`, ways: MASQUERADED },
    { client: "pod",         to: `${address}:80`, ways: MASQUERADED },
    { client: "node",        to: `${address}:80`, ways: MASQUERADED },
    { client: "outside",     to: `${address}:80`, like: eTP(),     ways: [here(OUTSIDE)] },
    { client: "pod",         to: `${address}:80`, like: eTP(),     ways: [here(OTHER_POD)] },
    { client: "outside",     to: `${address}:80`, like: eTP(AWAY), ways: [there(OUTSIDE)] },
    { client: "outside",     to: `${address}:81`, ways: FILTERED },
  ]),
  { client: "node by the LB", to: `${BALANCER}:80`, ways: MASQUERADED },
  { client: "outside",       to: `${BALANCER}:80`, like: ranges("192.0.2.0/24"),  ways: MASQUERADED },
  { client: "other node",    to: `${BALANCER}:80`, like: ranges("192.0.2.0/24"),  ways: SHUT_OUT },
  { client: "pod",           to: `${BALANCER}:80`, like: ranges("192.0.2.0/24"),  ways: SHUT_OUT },
  // Only INPUT and FORWARD ask the source ranges, and IPVS has the node's own packets at OUTPUT.
  { client: "node",          to: `${BALANCER}:80`, like: ranges("192.0.2.0/24"),  ways: MASQUERADED },
  { client: "other node",    to: `${NODE}:${NODE_PORT}`, like: ranges("192.0.2.0/24"), ways: MASQUERADED },
  // An address that the node has is served without kube-ipvs0.
  { client: "outside",       to: `${NODE}:80`, like: { service: { externalIPs: [NODE] } }, ways: MASQUERADED },
];

describe.each([
  ["a cluster IP", CLUSTER_IP],
  ["an internal policy", INTERNAL_POLICY],
  ["endpoints", ENDPOINTS],
  ["a node port", NODE_PORTS],
  ["an address from outside", EXTERNAL_ADDRESSES],
])("%s", (_, rows) => {
  const named = rows.map((row) => ({ ...row, with: JSON.stringify(row.like ?? {}) }));
  test.each(named)(
    "$client to $to $protocol with $with",
    ({ like = {}, ways: expected, ...row }) => {
      expect(ways(like, row)).toEqual(expected);
    },
  );
});

describe("other protocols and families", () => {
  test.each(["udp", "sctp"] as const)("%s is balanced by its own sets", (protocol) => {
    const like: Made = { service: { ports: [{ ...HTTP, protocol }] } };
    for (const to of [`${VIP}:80`, `${NODE}:${NODE_PORT}`]) {
      expect(ways(like, { client: "outside", to, protocol })).toEqual(MASQUERADED);
    }
    const local = { service: { ...like.service, externalTrafficPolicy: "Local" as const } };
    const dialled: Dial = { client: "outside", to: `${NODE}:${NODE_PORT}`, protocol };
    expect(ways(local, dialled)).toEqual([here(OUTSIDE)]);
  });

  const SIX: Made = {
    family: "ipv6",
    service: {
      clusterIPs: ["2001:db8:96::20"],
      externalIPs: [],
      loadBalancerIPs: [],
      endpoints: [ready("2001:db8:1::85")],
    },
  };

  test("IPv6 has sets of names of its own, at most 31 characters long", () => {
    const names = [...ipvsOf(SIX).sets.keys()];
    expect(names).toContain("KUBE-6-CLUSTER-IP");
    expect(names).toContain("KUBE-6-LOAD-BALANCER-SOURCE-CID");
    expect(names.filter((name) => name.length > 31)).toEqual([]);
  });

  test("IPv6 is balanced and masqueraded alike", () => {
    const [trace] = traverse(nodeOf(SIX), {
      tuple: {
        protocol: "tcp",
        source: endpoint("[2001:db8:f::7]:40000"),
        destination: endpoint(`[2001:db8:20::204]:${NODE_PORT}`),
      },
      arrival: { from: "interface", name: "eth0" },
    });
    expect(trace && way(trace)).toBe("cni0 [2001:db8:1::1]:* > [2001:db8:1::85]:8080");
  });
});

describe("what is installed", () => {
  test("is understood to the last rule and set", () => {
    const like: Made = {
      service: { ...eTP().service, ...ranges("192.0.2.0/24", "10.20.0.0/16").service },
    };
    const { rules, sets, ipvs } = nodeOf(like);
    expect(rules.notes).toEqual([]);
    const all = [...rules.tables.values()].flatMap((chains) =>
      [...chains.values()].flatMap((chain) => chain.rules),
    );
    const kinds = all.flatMap(({ matches, target }) =>
      [...matches, target].map(({ kind }) => kind),
    );
    expect(kinds).not.toContain("unmodelled");
    expect([...sets.values()].filter(({ parts }) => parts === undefined)).toEqual([]);
    expect(ipvs.flatMap(({ unmodelled }) => unmodelled ?? [])).toEqual([]);
    expect(sets.get("KUBE-LOAD-BALANCER-SOURCE-IP")?.members).toHaveLength(1);
  });

  test("has the virtual addresses on kube-ipvs0, but none that the node has", () => {
    const service = { externalIPs: [EXTERNAL, NODE] };
    expect(ipvsOf({ service }).addresses).toEqual([VIP, EXTERNAL, BALANCER]);
  });

  test("keeps a client by persistence", () => {
    const { virtualServers } = ipvsOf({ service: { sessionAffinitySeconds: 10_800 } });
    expect(new Set(virtualServers.map((server) => server.persistenceSeconds))).toEqual(
      new Set([10_800]),
    );
  });

  test("asks for the scheduler that kube-proxy was given", () => {
    const { virtualServers } = ipvsOf({ kubeProxy: { scheduler: "lc" } });
    expect(new Set(virtualServers.map(({ scheduler }) => scheduler))).toEqual(new Set(["lc"]));
  });

  test("accepts the health check before anything refuses it", () => {
    const like: Made = { ...eTP(), rules: "*filter\n-A INPUT -j DROP\nCOMMIT\n" };
    const [trace] = traverse(nodeOf(like), dial({ client: "outside", to: `${NODE}:${HEALTH}` }));
    expect(trace?.disposition).toBe("delivered-locally");
  });

  test("accepts answers where FORWARD drops", () => {
    const like: Made = { rules: "*filter\n-A FORWARD -j DROP\nCOMMIT\n" };
    const node = nodeOf(like);
    const [trace] = traverse(node, dial({ client: "outside", to: `${VIP}:80` }));
    expect(trace?.disposition).toBe("forwarded");
    const entry = trace?.entry;
    const back =
      entry &&
      traverse(node, {
        tuple: entry.reply,
        arrival: { from: "interface", name: "cni0" },
        tracking: { state: "established", direction: "reply", entry },
        tcpFlags: ["SYN", "ACK"],
      });
    expect(back?.map(way)).toEqual([`eth0 ${VIP}:80 > ${OUTSIDE}:40000`]);
  });
});

describe("a host port on a node with IPVS", () => {
  // portmap 0.9.1, as the seed's cluster has it.
  const HOST_PORT = `*nat
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ
-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"cbr0\\" id: \\"133\\"" -m multiport --dports 80 -j CNI-DN-0123456789abcdef01234
-A CNI-DN-0123456789abcdef01234 -s 10.233.1.0/24 -p tcp -m tcp --dport 80 -j CNI-HOSTPORT-SETMARK
-A CNI-DN-0123456789abcdef01234 -s 127.0.0.1/32 -p tcp -m tcp --dport 80 -j CNI-HOSTPORT-SETMARK
-A CNI-DN-0123456789abcdef01234 -p tcp -m tcp --dport 80 -j DNAT --to-destination ${LOCAL}:80
-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000
-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE
COMMIT
`;
  const [trace] = traverse(
    nodeOf({ rules: HOST_PORT }),
    dial({ client: "other node", to: `${NODE}:80` }),
  );
  const steps = trace?.steps ?? [];

  test("finds no virtual server and goes portmap's way", () => {
    const places = steps.map((step) => (step.kind === "routing" ? "routing" : step.hook));
    const phases = places.filter((place, at) => place !== places[at - 1]);
    expect(phases).toEqual(["prerouting", "routing", "forward", "postrouting"]);
    const asked = steps.filter((step) => step.kind === "ipvs");
    expect(asked).toMatchObject([
      { hook: "forward", server: undefined, decision: "no connection of its own" },
    ]);
  });

  test("is translated in PREROUTING, and nowhere else", () => {
    const changes = steps.flatMap((step) =>
      step.kind === "rule" && step.before !== step.after ? `${step.hook} ${step.rule.text}` : [],
    );
    expect(changes).toEqual([
      `prerouting -A CNI-DN-0123456789abcdef01234 -p tcp -m tcp --dport 80 -j DNAT --to-destination ${LOCAL}:80`,
    ]);
    expect(trace && way(trace)).toBe(`cni0 ${CLIENT}:40000 > ${LOCAL}:80`);
  });

  test("is reached from the node too, where IPVS is asked behind portmap", () => {
    const node = nodeOf({ rules: HOST_PORT });
    const traces = traverse(node, dial({ client: "node", to: `${NODE}:80` }));
    expect(traces.map(way)).toEqual([`cni0 ${NODE}:40000 > ${LOCAL}:80`]);
    const asked = traces.flatMap((one) => one.steps.filter((step) => step.kind === "ipvs"));
    expect(asked).toMatchObject([
      { hook: "output", decision: `no virtual server for tcp ${LOCAL}:80` },
    ]);
  });
});
