import { describe, expect, test } from "vitest";
import {
  bridgeAddress,
  nodeAddresses,
  ownerOf,
  targetsOf,
  type Facts,
  type GivenFacts,
  type Target,
} from "#cluster/facts.js";
import { readTopology } from "#cluster/topology-file.js";
import { parsePrefix } from "#net/prefix.js";
import { NOTHING_GIVEN } from "../support/verify-recorded.js";

const TOPOLOGY = readTopology({
  file: "topology.yaml",
  text: `
schema: pcapcheck.topology/v1
nodes:
  - name: node1
    addresses: [10.20.32.204, "2001:db8::204"]
    podCIDR: 10.233.1.0/24
    docker: { networks: [{ name: bridge, bridge: docker0, subnet: 172.17.0.0/16, gateway: 172.17.0.1 }] }
    interfaces:
      - { name: eth0, kind: uplink, addresses: [10.20.32.204/24] }
      - { name: cni0, kind: bridge, addresses: [10.233.1.1/24] }
      - { name: flannel.1, kind: overlay, addresses: [10.233.1.0/32] }
      - { name: vethptp, kind: veth, pod: web, addresses: [10.233.1.129/32] }
      - { name: dummy0, kind: loopback, addresses: [169.254.20.10/32] }
  - name: node2
    addresses: [10.20.32.205]
    podCIDR: 10.233.2.0/24
    docker: { networks: [{ name: bridge, bridge: docker0, subnet: 172.17.0.0/16, gateway: 172.17.0.1 }] }
    interfaces:
      - { name: cni0, kind: bridge, addresses: [10.233.2.1/24] }
pods:
  - { name: web, node: node1, address: 10.233.1.2, hostPorts: [{ hostPort: 9000, containerPort: 8080 }, { hostPort: 9999, containerPort: 53, protocol: udp, hostIP: 10.20.32.204 }] }
  - { name: old, node: node1, address: 10.233.1.9, gone: true, hostPorts: [{ hostPort: 9000, containerPort: 8080 }] }
  - { name: proxy, node: node2, address: 10.20.32.205, hostNetwork: true, ports: [8081, 8082] }
  - { name: c1, node: node1, address: 172.17.0.2, network: bridge, hostPorts: [{ hostPort: 8080, containerPort: 80 }] }
  - { name: c2, node: node2, address: 172.17.0.9, network: bridge }
clients:
  - { name: office, addresses: [198.51.100.0/24] }
clusterCIDR: 10.233.0.0/16
`,
});

const given = (changes: Partial<GivenFacts>): GivenFacts => ({ ...NOTHING_GIVEN, ...changes });

const prefixes = (...texts: readonly string[]) => texts.flatMap((text) => parsePrefix(text) ?? []);

/** The first target that the facts allow, with what was given. */
function factsFrom(changes: Partial<GivenFacts>, found: Partial<Target> = {}): Facts {
  const facts = given(changes);
  const [target] = targetsOf(facts, "hostPort");
  if (!target) throw new Error("no target");
  return { given: facts, target: { ...target, ...found } };
}

describe("with a topology the world is closed", () => {
  const facts = factsFrom({ topology: TOPOLOGY });

  // prettier-ignore
  test.each([
    { address: "127.0.0.1",       owner: "loopback",      what: "127.0.0.0/8" },
    { address: "10.233.1.2",      owner: "target",        what: "the pod" },
    { address: "10.20.32.204",    owner: "this-node",     what: "its uplink" },
    { address: "2001:db8::204",   owner: "this-node",     what: "another of its addresses" },
    { address: "10.233.1.1",      owner: "bridge",        what: "its bridge" },
    { address: "10.233.1.129",    owner: "bridge",        what: "the node's end of a routed veth" },
    { address: "10.233.1.0",      owner: "this-node",     what: "its overlay" },
    { address: "169.254.20.10",   owner: "loopback",      what: "an address of a dummy interface" },
    { address: "10.233.1.77",     owner: "pod-here",      what: "its pod subnet" },
    { address: "10.20.32.205",    owner: "other-node",    what: "the other node" },
    { address: "10.233.2.1",      owner: "other-node",    what: "the other node's bridge" },
    { address: "10.233.2.2",      owner: "pod-elsewhere", what: "the other node's pod subnet" },
    { address: "10.233.200.2",    owner: "pod-elsewhere", what: "the cluster's pods" },
    { address: "172.17.0.2",      owner: "pod-here",      what: "a container beside it" },
    { address: "172.17.0.9",      owner: "pod-elsewhere", what: "a container of the other node" },
    { address: "198.51.100.79",   owner: "outside",       what: "a client that is listed" },
    { address: "10.9.9.9",        owner: "outside",       what: "a private address that is not listed" },
    { address: "203.0.113.7",     owner: "outside",       what: "a public address that is not listed" },
    { address: "2001:db8:9::1",   owner: "outside",       what: "an IPv6 address that is not listed" },
  ])("$address, $what: $owner, and nothing is assumed", ({ address, owner }) => {
    expect(ownerOf(facts, address)).toEqual({ owner, assumption: undefined });
  });

  test("--client names one that the topology does not list", () => {
    const named = factsFrom({ topology: TOPOLOGY, clients: prefixes("10.9.0.0/16") });
    expect(ownerOf(named, "10.9.9.9").owner).toBe("named-client");
    expect(ownerOf(named, "10.20.32.205").owner).toBe("other-node");
  });

  test("the bridge's address is the one that is listed", () => {
    expect(bridgeAddress(facts)).toBe("10.233.1.1");
    expect(nodeAddresses(facts)).toEqual(["10.20.32.204", "2001:db8::204"]);
  });
});

const withInterfaces = (interfaces: string, pods = "") =>
  readTopology({
    file: "topology.yaml",
    text: `
schema: pcapcheck.topology/v1
nodes: [{ name: node1, addresses: [10.20.32.204], podCIDR: 10.233.1.0/24, interfaces: [${interfaces}] }]
pods: [{ name: web, node: node1, address: 10.233.1.2, hostPorts: [{ hostPort: 9000, containerPort: 8080 }] }${pods}]
`,
  });

describe("a topology that tells of no bridge", () => {
  const CNI0 = "{ name: cni0, kind: bridge, addresses: [10.233.1.254/24] }";
  const ASSUMED = "10.233.1.1 is the node's bridge: the first address of the pod's subnet";

  // prettier-ignore
  test.each([
    { why: "leaves the subnet's first address to it", topology: withInterfaces(""),                                                owner: "bridge",   assumption: ASSUMED },
    { why: "unless a pod has it",                     topology: withInterfaces("", ", { name: one, node: node1, address: 10.233.1.1 }"), owner: "pod-here", assumption: undefined },
    { why: "which another bridge does not",           topology: withInterfaces(CNI0),                                              owner: "pod-here", assumption: undefined },
  ])("$why", ({ topology, owner, assumption }) => {
    const facts = factsFrom({ topology });
    expect(ownerOf(facts, "10.233.1.1")).toEqual({ owner, assumption });
    expect(ownerOf(facts, "10.233.1.3")).toEqual({ owner: "pod-here", assumption: undefined });
  });
});

describe("with flags", () => {
  const facts = factsFrom({
    node: ["10.20.32.204", "10.233.1.254"],
    pod: "10.233.1.2",
    hostPort: 9000,
    containerPort: 8080,
    clients: prefixes("10.9.0.0/16"),
  });

  // prettier-ignore
  test.each([
    { address: "127.0.0.1",     owner: "loopback",     assumes: undefined },
    { address: "10.233.1.2",    owner: "target",       assumes: undefined },
    { address: "10.20.32.204",  owner: "this-node",    assumes: undefined },
    // --node may name the bridge as well: it is the one in the pod's subnet.
    { address: "10.233.1.254",  owner: "bridge",       assumes: undefined },
    { address: "10.9.9.9",      owner: "named-client", assumes: undefined },
    { address: "10.233.1.1",    owner: "bridge",       assumes: "10.233.1.1 is the node's bridge" },
    { address: "10.233.1.3",    owner: "pod-here",     assumes: "10.233.1.3 is a pod of the same node" },
    { address: "198.51.100.79", owner: "outside",      assumes: "198.51.100.79 is a public address" },
    // docs/decisions/0005: a private address that nobody named may be anybody's.
    { address: "10.20.32.205",  owner: "unknown",      assumes: undefined },
    { address: "10.233.2.2",    owner: "unknown",      assumes: undefined },
    { address: "fd00::9",       owner: "unknown",      assumes: undefined },
  ])("$address is $owner", ({ address, owner, assumes }) => {
    const { owner: found, assumption } = ownerOf(facts, address);
    expect(found).toBe(owner);
    expect(assumption?.slice(0, assumes?.length)).toBe(assumes);
  });

  test("the bridge is no address that clients dial", () => {
    expect(nodeAddresses(facts)).toEqual(["10.20.32.204"]);
    expect(bridgeAddress(facts)).toBe("10.233.1.254");
  });
});

describe("with nothing but a pod's address", () => {
  test.each([
    { pod: "10.233.1.2", address: "10.233.1.1", owner: "bridge" },
    { pod: "10.233.1.2", address: "10.233.1.9", owner: "pod-here" },
    { pod: "10.233.1.2", address: "10.233.2.1", owner: "unknown" },
    { pod: "10.233.1.2", address: "198.51.100.79", owner: "outside" },
    // A pod with a public address says nothing about who else has one.
    { pod: "198.51.100.2", address: "203.0.113.7", owner: "unknown" },
    { pod: "198.51.100.2", address: "198.51.100.1", owner: "bridge" },
    { pod: "fd00:1::2", address: "fd00:1::1", owner: "bridge" },
    { pod: "fd00:1::2", address: "fd00:1::9", owner: "pod-here" },
    { pod: "fd00:1::2", address: "fd00:2::1", owner: "unknown" },
    { pod: "fd00:1::2", address: "2001:db8::79", owner: "outside" },
    { pod: "fd00:1::2", address: "::1", owner: "loopback" },
  ])("$pod beside $address: $owner", ({ pod, address, owner }) => {
    expect(ownerOf(factsFrom({ pod }), address).owner).toBe(owner);
  });

  test.each([
    ["10.233.1.2", "10.233.1.1"],
    ["10.233.10.2", "10.233.10.1"],
    ["fd00:1::2", "fd00:1::1"],
    ["fd00:1:2:3:4:5:6:7", "fd00:1:2:3::1"],
  ])("the bridge next to %s is %s", (pod, bridge) => {
    expect(bridgeAddress(factsFrom({ pod }))).toBe(bridge);
  });

  test("no address at all is known of nobody", () => {
    const facts = factsFrom({});
    expect(facts.target.address).toBeUndefined();
    expect(bridgeAddress(facts)).toBeUndefined();
    expect(ownerOf(facts, "10.233.1.1")).toEqual({ owner: "unknown", assumption: undefined });
  });
});

/** One line per target, `-` for what is unknown. */
const summary = (changes: Partial<GivenFacts>, kind: "hostPort" | "hostNetwork") =>
  targetsOf(given(changes), kind).map(({ pod, address, port, hostPort, hostIP, protocol, node }) =>
    [pod, address, port, hostPort, hostIP, protocol, node].map((value) => value ?? "-").join(" "),
  );

describe("targetsOf", () => {
  test("every hostPort of a pod that is still there, and none that Docker publishes", () => {
    expect(summary({ topology: TOPOLOGY }, "hostPort")).toEqual([
      "web 10.233.1.2 8080 9000 - tcp node1",
      "web 10.233.1.2 53 9999 10.20.32.204 udp node1",
    ]);
  });

  test("every port of a hostNetwork pod", () => {
    expect(summary({ topology: TOPOLOGY }, "hostNetwork")).toEqual([
      "proxy 10.20.32.205 8081 8081 - - node2",
      "proxy 10.20.32.205 8082 8082 - - node2",
    ]);
  });

  test("flags choose among them", () => {
    expect(summary({ topology: TOPOLOGY, hostPort: 9000 }, "hostPort")).toEqual([
      "web 10.233.1.2 8080 9000 - tcp node1",
    ]);
    expect(summary({ topology: TOPOLOGY, hostPort: 8082 }, "hostNetwork")).toHaveLength(1);
  });

  test("flags that no listed pod fits are the target", () => {
    expect(
      summary({ topology: TOPOLOGY, pod: "10.233.1.3", node: ["10.20.32.204"] }, "hostPort"),
    ).toEqual(["- 10.233.1.3 - - - - node1"]);
  });

  test("flags alone", () => {
    const flags = { node: ["10.20.32.204"], hostPort: 9000, containerPort: 8080 };
    expect(summary({ ...flags, pod: "10.233.1.2" }, "hostPort")).toEqual([
      "- 10.233.1.2 8080 9000 - - -",
    ]);
    // A hostNetwork pod has the node's address, and one port on both sides.
    expect(summary({ ...flags, containerPort: undefined }, "hostNetwork")).toEqual([
      "- 10.20.32.204 9000 9000 - - -",
    ]);
  });

  test("nothing given: one target of which nothing is known", () => {
    expect(summary({}, "hostPort")).toEqual(["- - - - - - -"]);
  });

  const NODE =
    "schema: pcapcheck.topology/v1\nnodes: [{ name: node1, addresses: [10.20.32.204] }]\n";

  // prettier-ignore
  test.each([
    { pods: "",                                                        kind: "hostPort",    given: {},                    targets: 1, why: "a file of nodes alone says nothing of pods" },
    { pods: "pods: [{ name: a, node: node1, address: 10.233.1.2 }]",   kind: "hostPort",    given: {},                    targets: 0, why: "pods are listed, and none has a hostPort" },
    { pods: "pods: [{ name: a, node: node1, address: 10.233.1.2 }]",   kind: "hostPort",    given: { hostPort: 9000 },    targets: 1, why: "a port was named" },
    { pods: "pods: [{ name: a, node: node1, address: 10.233.1.2 }]",   kind: "hostPort",    given: { pod: "10.233.1.2" }, targets: 1, why: "a pod was named" },
    { pods: "",                                                        kind: "hostNetwork", given: {},                    targets: 0, why: "no hostNetwork pod is listed" },
    { pods: "",                                                        kind: "hostNetwork", given: { hostPort: 8081 },    targets: 1, why: "a port was named" },
  ] as const)("$kind, $targets: $why", ({ pods, kind, given: flags, targets }) => {
    const topology = readTopology({ file: "topology.yaml", text: NODE + pods });
    expect(targetsOf(given({ ...flags, topology }), kind)).toHaveLength(targets);
  });
});
