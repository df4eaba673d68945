/** Which scenario a connection belongs to, as `--scenario auto` tells it. */
import { describe, expect, test } from "vitest";
import { followPaths } from "#expected/network/follow.js";
import { networkOf, type Network } from "#expected/network/network.js";
import type { Dial, Party } from "#expected/network/path.js";
import { scenarioOf } from "#expected/scenarios/classify.js";
import { dialsOf, dialsThatMayReach } from "#expected/scenarios/dials.js";
import { readTopology } from "#cluster/topology-file.js";
import { CLUSTERS } from "./clusters.js";

const networks = new Map(
  CLUSTERS.map(({ name, topology }) => [name, networkOf(topology, { family: "ipv4" })]),
);

function networkNamed(name: string): Network {
  const found = networks.get(name);
  if (found === undefined) throw new Error(`no cluster is called ${name}`);
  return found;
}

interface Row {
  readonly from: string;
  readonly to: string;
  readonly scenario: string;
}

/** `laptop`, or the name of a node or pod. */
function partyOf(network: Network, from: string): Party {
  if (network.nodes.has(from)) return { kind: "node", name: from };
  if (network.pods.has(from)) return { kind: "pod", name: from };
  return { kind: "outside", address: "198.51.100.79" };
}

function dialOf(network: Network, { from, to }: Row): Dial {
  const party = partyOf(network, from);
  const wanted = dialsOf(network).find(
    ({ from: dialling, tuple: { destination } }) =>
      JSON.stringify(dialling) === JSON.stringify(party) &&
      `${destination.address}:${destination.port}` === to,
  );
  if (wanted === undefined) throw new Error(`${from} does not dial ${to}`);
  return wanted;
}

const scenariosOf = (network: Network, dial: Dial): readonly string[] => [
  ...new Set(
    followPaths(network, dial).map((path) => scenarioOf(network, path)?.scenario.name ?? "none"),
  ),
];

// prettier-ignore
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  "services of three nodes, VXLAN": [
    { from: "shell1", to: "10.96.0.10:80",       scenario: "clusterip" },
    { from: "node1",  to: "10.96.0.10:80",       scenario: "clusterip" },
    { from: "laptop", to: "10.96.0.10:80",       scenario: "clusterip" },
    { from: "shell3", to: "10.96.0.11:80",       scenario: "clusterip-local" },
    { from: "shell1", to: "10.96.0.12:80",       scenario: "clusterip-no-endpoints" },
    { from: "laptop", to: "192.168.50.11:30080", scenario: "nodeport-cluster" },
    { from: "node1",  to: "127.0.0.1:30080",     scenario: "nodeport-cluster" },
    { from: "laptop", to: "192.168.50.13:30081", scenario: "nodeport-local" },
    { from: "laptop", to: "192.168.50.11:30082", scenario: "nodeport-cluster" },
    { from: "shell1", to: "203.0.113.10:80",     scenario: "externalip" },
    { from: "laptop", to: "203.0.113.21:80",     scenario: "loadbalancer" },
    { from: "laptop", to: "203.0.113.23:80",     scenario: "loadbalancer" },
    { from: "laptop", to: "192.168.50.12:32122", scenario: "health-check-node-port" },
    { from: "shell1", to: "10.244.2.2:8080",     scenario: "pod-to-pod" },
    { from: "node1",  to: "10.244.1.2:8080",     scenario: "node-to-pod" },
    { from: "shell1", to: "198.51.100.79:443",   scenario: "pod-egress" },
    { from: "web1",   to: "127.0.0.1:8080",      scenario: "shared-network" },
  ],
  "a Service that remembers its clients": [
    { from: "shell1", to: "10.96.0.10:80",       scenario: "session-affinity" },
    { from: "laptop", to: "192.168.50.13:30080", scenario: "session-affinity" },
  ],
  "hostPorts and hostNetwork, portmap 1.9.0": [
    { from: "laptop", to: "192.168.50.11:9000",  scenario: "hostport-external" },
    { from: "laptop", to: "192.168.50.11:9001",  scenario: "hostport-external" },
    { from: "node2",  to: "192.168.50.11:9000",  scenario: "hostport-node" },
    { from: "node1",  to: "192.168.50.11:9000",  scenario: "hostport-node" },
    { from: "node1",  to: "127.0.0.1:9000",      scenario: "hostport-localhost" },
    { from: "web1",   to: "192.168.50.11:9000",  scenario: "hostport-hairpin" },
    { from: "shell1", to: "192.168.50.11:9000",  scenario: "hostport-pod" },
    { from: "shell2", to: "192.168.50.11:9000",  scenario: "hostport-pod" },
    { from: "laptop", to: "192.168.50.11:9090",  scenario: "hostnetwork-external" },
    { from: "node1",  to: "127.0.0.1:9090",      scenario: "hostnetwork-node" },
    { from: "shell2", to: "192.168.50.11:9090",  scenario: "hostnetwork-pod" },
  ],
  "an ingress on the node's network, one in a pod, a sidecar": [
    { from: "laptop", to: "192.168.50.11:80",    scenario: "ingress" },
    { from: "node1",  to: "10.244.2.2:8080",     scenario: "ingress" },
    { from: "node2",  to: "10.244.2.2:8080",     scenario: "node-to-pod" },
    { from: "gate2",  to: "10.244.1.2:8080",     scenario: "ingress" },
    { from: "web1",   to: "10.244.1.7:8080",     scenario: "sidecar-redirect" },
  ],
  "Docker, userland-proxy true": [
    { from: "laptop", to: "192.168.50.11:8080",  scenario: "docker-published" },
    { from: "dock",   to: "127.0.0.1:8080",      scenario: "docker-published" },
    { from: "c1",     to: "192.168.50.11:8080",  scenario: "docker-published" },
    { from: "c2",     to: "172.17.0.2:80",       scenario: "docker-container" },
    { from: "c3",     to: "172.17.0.2:80",       scenario: "docker-container" },
    { from: "c2",     to: "198.51.100.79:443",   scenario: "docker-egress" },
    { from: "laptop", to: "192.168.50.11:7000",  scenario: "docker-host" },
    { from: "c1",     to: "127.0.0.1:9000",      scenario: "shared-network" },
    { from: "alone",  to: "198.51.100.79:443",   scenario: "no-network" },
  ],
};

describe.each(Object.entries(ROWS))("%s", (name, rows) => {
  const network = networkNamed(name);

  test.each(rows)("$from dials $to: $scenario", (row) => {
    expect(scenariosOf(network, dialOf(network, row))).toEqual([row.scenario]);
  });
});

const topologyWith = (kubeProxy: string): string => `
schema: pcapcheck.topology/v1
clusterCIDR: 10.244.0.0/16
nodes: [{ name: node1, addresses: [192.168.50.11], podCIDR: 10.244.1.0/24 }]
pods: [{ name: web1, node: node1, address: 10.244.1.2 }, { name: shell1, node: node1, address: 10.244.1.3 }]
kubeProxy: { ${kubeProxy} }
services:
- { name: default/open, clusterIPs: [10.96.0.10], ports: [{ port: 80, targetPort: 8080 }], endpoints: [{ pod: web1 }] }
`;

describe("a kube-proxy that rows are not written for", () => {
  test.each([
    { kubeProxy: "masqueradeAll: false", hasRow: true },
    { kubeProxy: "masqueradeAll: true", hasRow: false },
    { kubeProxy: "localDetector: none", hasRow: false },
    { kubeProxy: "mode: ipvs", hasRow: false },
  ])("$kubeProxy: a scenario, and a row: $hasRow", ({ kubeProxy, hasRow }) => {
    const text = topologyWith(kubeProxy);
    const network = networkOf(readTopology({ file: "topology.yaml", text }), { family: "ipv4" });
    const dial = dialOf(network, { from: "shell1", to: "10.96.0.10:80", scenario: "clusterip" });
    const [path] = followPaths(network, dial);
    const found = path && scenarioOf(network, path);
    expect(found?.scenario.name).toBe("clusterip");
    expect(found?.row !== undefined).toBe(hasRow);
  });
});

describe("what may have been dialled by a packet that was seen behind a translation", () => {
  const network = networkNamed("hostPorts and hostNetwork, portmap 1.9.0");
  const reaching = (address: string, port: number, protocol = "tcp"): readonly string[] => {
    const dials = dialsThatMayReach(network, { protocol, destination: { address, port } });
    const dialled = dials.map(({ tuple }) => tuple.destination);
    return [...new Set(dialled.map((end) => `${end.address}:${end.port}`))].sort();
  };

  test("a hostPort by every address, and the pod's own", () => {
    expect(reaching("10.244.1.2", 8080)).toEqual([
      "10.244.1.2:8080",
      "127.0.0.1:9000",
      "192.168.50.11:9000",
    ]);
  });

  test("with a hostIP, by that alone", () => {
    expect(reaching("10.244.1.2", 8081)).toEqual(["10.244.1.2:8081", "192.168.50.11:9001"]);
  });

  test("nothing, where nobody serves or the protocol is another", () => {
    expect(reaching("10.244.1.2", 8082)).toEqual([]);
    expect(reaching("10.244.1.2", 8081, "udp")).toEqual([]);
  });

  test("a source that is nobody's is the client; one of the cluster's own may be masquerading", () => {
    const destination = { address: "10.244.1.2", port: 8080 };
    const outsideOf = (address: string): readonly string[] => {
      const source = { address, port: 51_000 };
      const dials = dialsThatMayReach(network, { protocol: "tcp", source, destination });
      const from = dials.map((dial) => dial.from).filter(({ kind }) => kind === "outside");
      return [...new Set(from.map((party) => (party.kind === "outside" ? party.address : "")))];
    };
    expect(outsideOf("192.0.2.7")).toEqual(["192.0.2.7"]);
    expect(outsideOf("10.244.1.1")).toEqual(["198.51.100.79"]);
  });

  test("any of a Service's addresses", () => {
    const services = networkNamed("services of three nodes, VXLAN");
    const destination = { address: "10.244.2.2", port: 8080 };
    const dials = dialsThatMayReach(services, { protocol: "tcp", destination });
    const ports = new Set(dials.map(({ tuple }) => tuple.destination.port));
    expect(ports).toEqual(new Set([80, 8080, 30_080, 30_081, 30_083]));
    expect(dials.every(({ tuple }) => tuple.source.port === "any")).toBe(true);
  });
});
