import { describe, expect, test } from "vitest";
import { formatCapturePoint } from "#cluster/capture-point.js";
import { interfaceKind, placeOf, placeOfInterface } from "#cluster/point-role.js";
import { readTopology } from "#cluster/topology-file.js";

const TOPOLOGY = readTopology({
  file: "topology.yaml",
  text: `
schema: pcapcheck.topology/v1
nodes:
  - name: node1
    addresses: [10.20.32.204]
    interfaces:
      - { name: wan, index: 2, kind: uplink }
      - { name: pods, index: 4, kind: bridge }
      - { name: veth240a099c, index: 7, kind: veth, pod: web }
pods:
  - { name: web, node: node1, address: 10.233.1.2 }
`,
});

describe("a capture point's name says what kind of place it is", () => {
  // prettier-ignore
  test.each([
    { name: "node1/eth0",            role: "uplink",   node: "node1",    pod: undefined },
    { name: "node1.eth0",            role: "uplink",   node: "node1",    pod: undefined },
    { name: "worker-3/ens5",         role: "uplink",   node: "worker-3", pod: undefined },
    { name: "worker-3/enp3s0f1",     role: "uplink",   node: "worker-3", pod: undefined },
    { name: "node1/bond0.100",       role: "uplink",   node: "node1",    pod: undefined },
    { name: "node1.cni0",            role: "bridge",   node: "node1",    pod: undefined },
    { name: "node1/docker0",         role: "bridge",   node: "node1",    pod: undefined },
    { name: "node1/br-3fa9c1d2",     role: "bridge",   node: "node1",    pod: undefined },
    { name: "node1.flannel.1",       role: "overlay",  node: "node1",    pod: undefined },
    { name: "node1/vxlan.calico",    role: "overlay",  node: "node1",    pod: undefined },
    { name: "node1.lo",              role: "loopback", node: "node1",    pod: undefined },
    { name: "node1/any",             role: "any",      node: "node1",    pod: undefined },
    { name: "node1.any",             role: "any",      node: "node1",    pod: undefined },
    { name: "node1.any-sll",         role: "any",      node: "node1",    pod: undefined },
    { name: "node1/veth240a099c",    role: "veth",     node: "node1",    pod: undefined },
    { name: "node1/cali0ef24ba1",    role: "veth",     node: "node1",    pod: undefined },
    { name: "node1.veth-p1a",        role: "veth",     node: "node1",    pod: "p1a" },
    { name: "pod:web",               role: "pod",      node: undefined,  pod: "web" },
    { name: "pod:web@node1/eth0",    role: "pod",      node: "node1",    pod: "web" },
    { name: "pod:web@worker-3/ens5", role: "pod",      node: "worker-3", pod: "web" },
    { name: "pod-web.eth0",          role: "pod",      node: undefined,  pod: "web" },
    { name: "client",                role: "client",   node: undefined,  pod: undefined },
    { name: "client.eth0",           role: "client",   node: undefined,  pod: undefined },
    { name: "client/eth0",           role: "client",   node: undefined,  pod: undefined },
    { name: "cni0",                  role: "bridge",   node: undefined,  pod: undefined },
    { name: "flannel.1",             role: "overlay",  node: undefined,  pod: undefined },
    { name: "veth240a099c",          role: "veth",     node: undefined,  pod: undefined },
    { name: "any",                   role: "any",      node: undefined,  pod: undefined },
    { name: "vxlan.calico",          role: "overlay",  node: undefined,  pod: undefined },
    // Names with dots, as cloud providers give them.
    { name: "ip-10-0-0-1.ec2.internal/eth0", role: "uplink", node: "ip-10-0-0-1.ec2.internal", pod: undefined },
    { name: "ip-10-0-0-1.ec2.internal.flannel.1", role: "overlay", node: "ip-10-0-0-1.ec2.internal", pod: undefined },
    { name: "pod:web@ip-10-0-0-1.ec2.internal/eth0", role: "pod", node: "ip-10-0-0-1.ec2.internal", pod: "web" },
    // A machine may be called like an interface.
    { name: "docker1.cni0",          role: "bridge",   node: "docker1",  pod: undefined },
    { name: "docker1.any",           role: "any",      node: "docker1",  pod: undefined },
    // A pod has these too, so they tell nothing.
    { name: "eth0",                  role: "unknown",  node: undefined,  pod: undefined },
    { name: "eth0.100",              role: "unknown",  node: undefined,  pod: undefined },
    { name: "lo",                    role: "unknown",  node: undefined,  pod: undefined },
    { name: "svc_host_port",         role: "unknown",  node: undefined,  pod: undefined },
    { name: "capture",               role: "unknown",  node: undefined,  pod: undefined },
    { name: "stdin",                 role: "unknown",  node: undefined,  pod: undefined },
    { name: "clients",               role: "unknown",  node: undefined,  pod: undefined },
    { name: "node1/foo",             role: "unknown",  node: "node1",    pod: undefined },
  ])("$name is $role", ({ name, ...place }) => {
    expect(placeOf(name)).toEqual(place);
  });

  test.each([
    { name: "node1/wan", role: "uplink", node: "node1", pod: undefined },
    { name: "node1.pods", role: "bridge", node: "node1", pod: undefined },
    { name: "node1/veth240a099c", role: "veth", node: "node1", pod: "web" },
    { name: "web", role: "pod", node: "node1", pod: "web" },
    // Not its own interface: another node's name tells nothing of it.
    { name: "node2/wan", role: "unknown", node: "node2", pod: undefined },
  ])("$name is $role with a topology", ({ name, ...place }) => {
    expect(placeOf(name, TOPOLOGY)).toEqual(place);
  });
});

describe("an interface inside a file that holds several", () => {
  const parent = placeOf("node1/any");

  test.each([
    { name: "if2", role: "uplink", pod: undefined, interfaceName: "wan" },
    { name: "if7", role: "veth", pod: "web", interfaceName: "veth240a099c" },
    { name: "pods", role: "bridge", pod: undefined, interfaceName: "pods" },
    // An index that the topology does not list: one interface of those that -i any saw.
    { name: "if9", role: "any", pod: undefined, interfaceName: "if9" },
    { name: "eth0", role: "uplink", pod: undefined, interfaceName: "eth0" },
    { name: "nonsense", role: "unknown", pod: undefined, interfaceName: "nonsense" },
  ])("$name is $role with a topology", ({ name, ...place }) => {
    expect(placeOfInterface(parent, name, TOPOLOGY)).toEqual({ node: "node1", ...place });
  });

  test.each([
    { name: "if2", role: "any", interfaceName: "if2" },
    { name: "cni0", role: "bridge", interfaceName: "cni0" },
  ])("$name is $role without one", ({ name, ...place }) => {
    expect(placeOfInterface(parent, name)).toEqual({ node: "node1", pod: undefined, ...place });
  });

  test("an index is not looked up on another node", () => {
    expect(placeOfInterface(placeOf("node2/any"), "if2", TOPOLOGY).role).toBe("any");
  });
});

test.each([
  ["eth0", "uplink"],
  ["lo", "loopback"],
  ["lo0", undefined],
  ["cali123", "veth"],
  ["tunl0", "overlay"],
  ["cilium_vxlan", "overlay"],
  ["pods", undefined],
])("interfaceKind(%s) is %s", (name, kind) => {
  expect(interfaceKind(name)).toBe(kind);
});

test.each([
  [{ name: "node1/eth0", interface: undefined, direction: undefined }, "node1/eth0"],
  [{ name: "node1/any", interface: "eth0", direction: undefined }, "node1/any/eth0"],
  [{ name: "node1/any", interface: "if7", direction: "in" }, "node1/any/if7:in"],
] as const)("%o is written %s", (point, text) => {
  expect(formatCapturePoint(point)).toBe(text);
});
