import { describe, expect, test } from "vitest";
import { readTopology, TopologyError } from "#cluster/topology-file.js";
import { formatPrefix } from "#net/prefix.js";
import { CASES, filesOf, textOf, topologyOf } from "../support/verify-recorded.js";

const GOOD = `schema: pcapcheck.topology/v1
nodes:
  - name: node1
    addresses: [10.20.32.204, "2001:DB8::204"]
    podCIDR: 10.233.1.0/24
    interfaces:
      - { name: eth0, index: 2, kind: uplink, addresses: [10.20.32.204/24] }
pods:
  - name: web
    node: node1
    address: 10.233.1.2
    hostPorts:
      - { hostPort: 9000, containerPort: 8080 }
      - { hostPort: 9999, containerPort: 53, protocol: udp, hostIP: 10.20.32.204 }
clients:
  - { name: office, addresses: [198.51.100.0/24, 203.0.113.7] }
clusterCIDR: 10.233.0.0/16
portmap: "1.1.1"
`;

const faultOf = (text: string): string => {
  try {
    readTopology({ file: "topology.yaml", text });
  } catch (error) {
    if (error instanceof TopologyError) return error.message;
    throw error;
  }
  return "no fault";
};

test("a topology is read with every address in its canonical form", () => {
  const topology = readTopology({ file: "topology.yaml", text: GOOD });
  const [node] = topology.nodes;
  const [pod] = topology.pods;
  expect(node?.addresses).toEqual(["10.20.32.204", "2001:db8::204"]);
  expect(node?.interfaces).toEqual([
    {
      name: "eth0",
      index: 2,
      kind: "uplink",
      addresses: [{ address: "10.20.32.204", length: 24 }],
    },
  ]);
  expect(pod).toMatchObject({ hostNetwork: false, gone: false, ports: [] });
  expect(pod?.hostPorts).toEqual([
    { hostPort: 9000, containerPort: 8080, protocol: "tcp" },
    { hostPort: 9999, containerPort: 53, protocol: "udp", hostIP: "10.20.32.204" },
  ]);
  expect(topology.clients.flatMap(({ addresses }) => addresses.map(formatPrefix))).toEqual([
    "198.51.100.0/24",
    "203.0.113.7/32",
  ]);
  expect(topology.portmap).toBe("1.1.1");
});

test("only a node is needed", () => {
  const text =
    "schema: pcapcheck.topology/v1\nnodes: [{ name: node1, addresses: [10.20.32.204] }]\n";
  const { pods, clients, clusterCIDR } = readTopology({ file: "topology.yaml", text });
  expect({ pods, clients, clusterCIDR }).toEqual({
    pods: [],
    clients: [],
    clusterCIDR: undefined,
  });
});

test("JSON says the same as YAML", () => {
  const json = JSON.stringify({
    schema: "pcapcheck.topology/v1",
    nodes: [{ name: "node1", addresses: ["10.20.32.204"], podCIDR: "10.233.1.0/24" }],
    pods: [{ name: "web", node: "node1", address: "10.233.1.2" }],
  });
  const yaml = `schema: pcapcheck.topology/v1
nodes: [{ name: node1, addresses: [10.20.32.204], podCIDR: 10.233.1.0/24 }]
pods: [{ name: web, node: node1, address: 10.233.1.2 }]`;
  expect(readTopology({ file: "topology.json", text: json })).toEqual(
    readTopology({ file: "topology.yaml", text: yaml }),
  );
});

describe("a mistake is told with its line and column", () => {
  // Each row changes one thing of the good file.
  // prettier-ignore
  test.each([
    { name: "no YAML",              from: "nodes:",                  to: "nodes: [",                  at: "3:11",  says: "" },
    { name: "another format",       from: "topology/v1",             to: "topology/v2",               at: "1:9",   says: "schema: " },
    { name: "an unknown key",       from: "podCIDR:",                to: "podCidr:",                  at: "3:5",   says: "nodes.0: Unrecognized key: \"podCidr\"" },
    { name: "a bad node address",   from: "[10.20.32.204,",          to: "[10.20.32.304,",            at: "4:17",  says: "nodes.0.addresses.0: 10.20.32.304 is not an IP address" },
    { name: "no node address",      from: "[10.20.32.204, \"2001:DB8::204\"]", to: "[]",              at: "4:16",  says: "nodes.0.addresses: " },
    { name: "a bad prefix length",  from: "podCIDR: 10.233.1.0/24",  to: "podCIDR: 10.233.1.0/33",    at: "5:14",  says: "nodes.0.podCIDR: 10.233.1.0/33 is not an address or prefix" },
    { name: "a bad interface kind", from: "kind: uplink",            to: "kind: ethernet",            at: "7:39",  says: "nodes.0.interfaces.0.kind: " },
    { name: "an interface index 0", from: "index: 2",                to: "index: 0",                  at: "7:30",  says: "nodes.0.interfaces.0.index: " },
    { name: "a bad pod address",    from: "address: 10.233.1.2",     to: "address: web",              at: "11:14", says: "pods.0.address: web is not an IP address" },
    { name: "a missing field",      from: "    address: 10.233.1.2\n", to: "",                        at: "9:5",   says: "pods.0.address: " },
    { name: "port 0",               from: "hostPort: 9000",          to: "hostPort: 0",               at: "13:21", says: "pods.0.hostPorts.0.hostPort: " },
    { name: "port 65536",           from: "containerPort: 8080",     to: "containerPort: 65536",      at: "13:42", says: "pods.0.hostPorts.0.containerPort: " },
    { name: "a port as a word",     from: "hostPort: 9000",          to: "hostPort: http",            at: "13:21", says: "pods.0.hostPorts.0.hostPort: " },
    { name: "a protocol we do not know", from: "protocol: udp",      to: "protocol: icmp",            at: "14:56", says: "pods.0.hostPorts.1.protocol: " },
    { name: "a bad hostIP",         from: "hostIP: 10.20.32.204",    to: "hostIP: node1",             at: "14:69", says: "pods.0.hostPorts.1.hostIP: node1 is not an IP address" },
    { name: "a bad client",         from: "203.0.113.7]",            to: "203.0.113.7/99]",           at: "16:50", says: "clients.0.addresses.1: 203.0.113.7/99 is not an address or prefix" },
    { name: "a bad cluster prefix", from: "clusterCIDR: 10.233.0.0/16", to: "clusterCIDR: all",       at: "17:14", says: "clusterCIDR: all is not an address or prefix" },
    { name: "a version as a number", from: "portmap: \"1.1.1\"",     to: "portmap: 1.1",              at: "18:10", says: "portmap: " },
    { name: "a pod on no node",     from: "node: node1",             to: "node: node9",               at: "10:11", says: "pods.0.node: pod web is on node node9, which the file does not list" },
  ])("$name", ({ from, to, at, says }) => {
    expect(GOOD).toContain(from);
    expect(faultOf(GOOD.replace(from, to))).toContain(`topology.yaml:${at}: ${says}`);
  });

  test("all of them at once", () => {
    const text = GOOD.replace("address: 10.233.1.2", "address: web").replace("9000", "0");
    expect(faultOf(text).split("\n")).toHaveLength(2);
  });

  test.each(["", "nodes", "[]", "null"])("%j is no topology", (text) => {
    expect(faultOf(text)).toMatch(/^topology\.yaml:1:1: /);
  });

  test("an alias that grows without end is refused, not expanded", () => {
    const bomb = Array.from({ length: 40 }, (_, at) =>
      at === 0 ? "a0: &a0 [x, x]" : `a${at}: &a${at} [*a${at - 1}, *a${at - 1}]`,
    ).join("\n");
    expect(faultOf(bomb)).toMatch(/^topology\.yaml: .*alias/);
  });

  test("an alias of nothing", () => {
    expect(faultOf(GOOD.replace("name: web", "name: *web"))).toMatch(
      /^topology\.yaml: .*alias.*web/,
    );
  });
});

/** `node1.eth0.pcap` was taken on node1; what a client, a proxy or a pod recorded names no node. */
function nodesRecorded(recorded: string): readonly string[] {
  const files = filesOf(recorded).filter((file) => /^(node\d|dock)\./.test(file));
  return [...new Set(files.map((file) => file.split(".")[0] ?? ""))].sort();
}

test.each(CASES)("the topology of captures/%s reads, and lists its nodes", (recorded) => {
  const topology = topologyOf(recorded);
  const names = topology.nodes.map(({ name }) => name);
  const isDocker = topology.nodes.some(({ docker }) => docker !== undefined);
  expect(names).toEqual(isDocker ? ["dock"] : ["node1", "node2"]);
  expect(names).toEqual(expect.arrayContaining([...nodesRecorded(recorded)]));
  expect(nodesRecorded(recorded)).not.toEqual([]);
  // portmap is no program of a node with Docker alone.
  const version = isDocker ? undefined : topology.portmap;
  expect(textOf(`${recorded}/topology.yaml`)).toContain(version ?? "docker:");
});
