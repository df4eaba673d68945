/** What a topology makes of every network namespace. */
import { describe, expect, test } from "vitest";
import { networkOf } from "#expected/network/network.js";
import { describeRoute } from "#expected/netfilter/routing.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { formatPrefix } from "#net/prefix.js";
import { truthCluster } from "../../support/clusters.js";

const NETWORK = networkOf(truthCluster(), { family: "ipv4" });

function stateOf(states: ReadonlyMap<string, NodeState>, name: string): NodeState {
  const state = states.get(name);
  if (state === undefined) throw new Error(`no ${name}`);
  return state;
}

const routesOf = ({ routes }: NodeState): readonly string[] =>
  routes.map((route) => describeRoute(route, route.hops[0]));

function interfacesOf({ interfaces }: NodeState): readonly string[] {
  return interfaces.map(({ name, bridge, addresses }) => {
    const own = addresses.map(({ address, subnet }) =>
      formatPrefix({ address, length: subnet.length }),
    );
    return [name, ...(bridge === undefined ? [] : [`on ${bridge}`]), ...own].join(" ");
  });
}

/** Nothing but names: the rest is what programs choose by default. */
const BARE = `
schema: pcapcheck.topology/v1
nodes:
  - { name: one, addresses: [192.0.2.10], podCIDR: 10.244.1.0/24 }
  - { name: two, addresses: [192.0.2.11], podCIDR: 10.244.2.0/24 }
pods:
  - { name: web, node: one, address: 10.244.1.7 }
  - { name: old, node: one, address: 10.244.1.8, gone: true }
podNetwork: {}
`;

const DOCKER = `
schema: pcapcheck.topology/v1
nodes:
  - name: one
    addresses: [192.0.2.10]
    docker:
      userlandProxy: false
      networks:
        - { name: bridge, bridge: docker0, subnet: 172.17.0.0/16, gateway: 172.17.0.1 }
        - { name: own, bridge: br-own, subnet: 172.18.0.0/16, gateway: 172.18.0.1 }
pods:
  - { name: c1, node: one, address: 172.17.0.2, network: bridge }
  - { name: c2, node: one, address: 172.18.0.2, network: own }
  - { name: alone, node: one, address: 127.0.0.1 }
`;

const IPV6 = `
schema: pcapcheck.topology/v1
nodes:
  - { name: one, addresses: ["2001:db8::10"], podCIDR: "2001:db8:1::/64" }
  - { name: two, addresses: ["2001:db8::11"], podCIDR: "2001:db8:2::/64" }
pods: [{ name: web, node: one, address: "2001:db8:1::7" }]
podNetwork: {}
`;

describe("a node", () => {
  // prettier-ignore
  test.each([
    { what: "as it is listed", network: NETWORK, node: "nodeA", has: ["eth0 192.0.2.10/24", "cni0 10.244.1.1/24", "flannel.1 10.244.1.0/32", "lo 127.0.0.1/8 ::1/128", "veth of podA on cni0", "veth of podX on cni0", "veth of ingress-pod on cni0"] },
    { what: "with what programs make", network: networkOf(truthCluster(() => BARE), { family: "ipv4" }), node: "one", has: ["lo 127.0.0.1/8 ::1/128", "eth0 192.0.2.10/32", "cni0 10.244.1.1/24", "flannel.1 10.244.1.0/32", "veth of web on cni0"] },
    { what: "with Docker's bridges", network: networkOf(truthCluster(() => DOCKER), { family: "ipv4" }), node: "one", has: ["lo 127.0.0.1/8 ::1/128", "eth0 192.0.2.10/32", "docker0 172.17.0.1/16", "br-own 172.18.0.1/16", "veth of c1 on docker0", "veth of c2 on br-own", "veth of alone"] },
    { what: "of IPv6", network: networkOf(truthCluster(() => IPV6), { family: "ipv6" }), node: "one", has: ["lo 127.0.0.1/8 ::1/128", "eth0 2001:db8::10/128", "cni0 2001:db8:1::1/64", "flannel.1 2001:db8:1::/128", "veth of web on cni0"] },
  ])("$what has its interfaces", ({ network, node, has }) => {
    expect(interfacesOf(stateOf(network.nodes, node))).toEqual(has);
  });

  // prettier-ignore
  test.each([
    { what: "over VXLAN", text: BARE, family: "ipv4", node: "one", routes: ["10.244.1.0/24 dev cni0", "10.244.2.0/24 via 10.244.2.0 dev flannel.1", "0.0.0.0/0 dev eth0"] },
    { what: "by host-gw", text: BARE.replace("podNetwork: {}", "podNetwork: { backend: host-gw }"), family: "ipv4", node: "one", routes: ["10.244.1.0/24 dev cni0", "10.244.2.0/24 via 192.0.2.11 dev eth0", "0.0.0.0/0 dev eth0"] },
    { what: "of Docker", text: DOCKER, family: "ipv4", node: "one", routes: ["172.17.0.0/16 dev docker0", "172.18.0.0/16 dev br-own", "0.0.0.0/0 dev eth0"] },
    { what: "of IPv6", text: IPV6, family: "ipv6", node: "two", routes: ["2001:db8:2::/64 dev cni0", "2001:db8:1::/64 via 2001:db8:1:: dev flannel.1", "::/0 dev eth0"] },
  ] as const)("$what has its routes", ({ text, family, node, routes }) => {
    const network = networkOf(truthCluster(() => text), { family });
    expect(routesOf(stateOf(network.nodes, node))).toEqual(routes);
  });

  // prettier-ignore
  test.each([
    { what: "kube-proxy's iptables mode", text: undefined, node: "nodeA", localnet: ["all", "cni0"] },
    { what: "without loopback NodePorts", text: "localhostNodePorts: false", node: "nodeA", localnet: ["cni0"] },
    { what: "without a hostPort either", text: "localhostNodePorts: false", node: "nodeB", localnet: [] },
  ])("$what routes 127.0.0.1 where programs turn it on", ({ text, node, localnet }) => {
    const edit = (all: string) => (text ? all.replace("kubeProxy: {", `kubeProxy: { ${text},`) : all);
    const { sysctls } = stateOf(networkOf(truthCluster(edit), { family: "ipv4" }).nodes, node);
    const on = [...sysctls].filter(([key, value]) => key.endsWith("route_localnet") && value === "1");
    expect(on.map(([key]) => key.split(".")[3])).toEqual(localnet);
  });

  test("has the rules of everything on it, each told by its owner", () => {
    const { rules } = stateOf(NETWORK.nodes, "nodeA");
    const owners = [...rules.tables.values()].flatMap((table) =>
      [...table.values()].flatMap((chain) => chain.rules.map(({ owner }) => owner)),
    );
    expect([...new Set(owners)].sort()).toEqual(["flannel", "kube-proxy", "portmap"]);
    expect(rules.notes).toEqual([]);
  });

  test("whose state is given keeps it", () => {
    const own = { ...stateOf(NETWORK.nodes, "nodeB"), name: "read from files" };
    const states = new Map([["nodeB", own]]);
    const network = networkOf(truthCluster(), { family: "ipv4", states });
    expect(network.nodes.get("nodeB")).toBe(own);
    expect(network.nodes.get("nodeA")?.name).toBe("nodeA");
  });
});

describe("a pod", () => {
  // prettier-ignore
  test.each([
    { text: BARE, pod: "web", has: ["lo 127.0.0.1/8 ::1/128", "eth0 10.244.1.7/24"], routes: ["10.244.1.0/24 dev eth0", "0.0.0.0/0 via 10.244.1.1 dev eth0"] },
    { text: DOCKER, pod: "c2", has: ["lo 127.0.0.1/8 ::1/128", "eth0 172.18.0.2/16"], routes: ["172.18.0.0/16 dev eth0", "0.0.0.0/0 via 172.18.0.1 dev eth0"] },
    { text: DOCKER, pod: "alone", has: ["lo 127.0.0.1/8 ::1/128"], routes: [] },
  ])("$pod has its way out", ({ text, pod, has, routes }) => {
    const state = stateOf(networkOf(truthCluster(() => text), { family: "ipv4" }).pods, pod);
    expect(interfacesOf(state)).toEqual(has);
    expect(routesOf(state)).toEqual(routes);
  });

  test("that shares a namespace, is gone, or has another family's address has none of its own", () => {
    expect([...NETWORK.pods.keys()]).toEqual(["podA", "podX", "podB", "podY", "ingress-pod"]);
    expect([
      ...networkOf(
        truthCluster(() => BARE),
        { family: "ipv4" },
      ).pods.keys(),
    ]).toEqual(["web"]);
    expect([
      ...networkOf(
        truthCluster(() => BARE),
        { family: "ipv6" },
      ).pods.keys(),
    ]).toEqual([]);
  });
});

// prettier-ignore
test.each([
  { what: "listed and told", topology: truthCluster(), more: [] },
  { what: "of names alone", topology: truthCluster(() => BARE), more: ["one, two: interfaces are called eth0, cni0 and flannel.1"] },
  { what: "whose pod network nobody tells", topology: truthCluster((text) => text.replace(/podNetwork.*/, "").replaceAll("flannel.1", "vxlan.calico")), more: ["what pods send out of the cluster is masqueraded as flannel does it"] },
])("a network $what says what it rests on", ({ topology, more }) => {
  const always = [
    "net.bridge.bridge-nf-call-iptables is 1, as kubeadm asks for",
    "no reverse path filter drops anything",
  ];
  expect(networkOf(topology, { family: "ipv4" }).assumptions).toEqual([...always, ...more]);
});

test("a network of states that were read rests on nothing", () => {
  const states = NETWORK.nodes;
  expect(networkOf(truthCluster(), { family: "ipv4", states }).assumptions).toEqual([]);
});

test.each([
  ["portmap 0.5.2", (text: string) => text.replace('portmap: "1.1.1"', 'portmap: "0.5.2"')],
  ["Docker 17.03", () => DOCKER.replace("docker:", 'docker:\n      version: "17.03"')],
])("%s is refused: nobody knows its rules here", (message, edit) => {
  expect(() => networkOf(truthCluster(edit), { family: "ipv4" })).toThrow(message);
});
