/** Who dialled, and whether the scenario is about that, as rows of hand-made connections. */
import { describe, expect, test } from "vitest";
import { readTopology } from "#cluster/topology-file.js";
import { parsePrefix } from "#net/prefix.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { ConnectionReport } from "#verify/report.js";
import type { Seen } from "../support/verify-connection.js";
import { LAB_FLAGS, NOTHING_GIVEN } from "../support/verify-recorded.js";
import { run } from "../support/verify-run.js";

const TOPOLOGY = readTopology({
  file: "topology.yaml",
  text: `
schema: pcapcheck.topology/v1
nodes:
  - name: node1
    addresses: [10.20.32.204]
    podCIDR: 10.233.1.0/24
    interfaces:
      - { name: eth0, kind: uplink, addresses: [10.20.32.204/24] }
      - { name: cni0, kind: bridge, addresses: [10.233.1.1/24] }
  - name: node2
    addresses: [10.20.32.205]
    podCIDR: 10.233.2.0/24
pods:
  - { name: web, node: node1, address: 10.233.1.2, hostPorts: [{ hostPort: 9000, containerPort: 8080 }] }
  - { name: neighbour, node: node1, address: 10.233.1.3 }
  - { name: far, node: node2, address: 10.233.2.2 }
`,
});
const given = { ...NOTHING_GIVEN, topology: TOPOLOGY };

const atPod = (source: string, ttl: number): Seen => ({
  at: "pod:web",
  tuple: `${source}:41001 > 10.233.1.2:8080`,
  ttl: [ttl, 64],
  ms: 5,
});
const at = (point: string, tuple: string, ttl = 64): Seen => ({
  at: point,
  tuple,
  ttl: [ttl, 64],
});

const HOST_PORTS = SCENARIOS.filter(({ target }) => target === "hostPort");

/** The hostPort scenarios under which the connection is judged, and the client's class there. */
function judgedAs(seen: readonly Seen[], facts: typeof given | typeof LAB_FLAGS = given): string {
  const judged = HOST_PORTS.flatMap(({ name }) =>
    run({ scenario: name, seen, given: facts }).connections.flatMap(({ client }) =>
      client === undefined ? [] : [`${client} (${name})`],
    ),
  );
  return judged.join(", ") || "nobody";
}

describe("with a topology, the client's class is that of who dialled", () => {
  // prettier-ignore
  test.each<{ name: string; seen: readonly Seen[]; client: string }>([
    { name: "outside, at the uplink",      seen: [at("node1/eth0", "198.51.100.79:41001 > 10.20.32.204:9000", 63)], client: "external (hostport-external)" },
    { name: "outside, in the pod",         seen: [atPod("198.51.100.79", 62)],  client: "external (hostport-external)" },
    { name: "outside, on the pod's LAN",   seen: [atPod("10.20.32.9", 63)],     client: "external (hostport-external)" },
    { name: "another node, in the pod",    seen: [atPod("10.20.32.205", 63)],   client: "other-node (hostport-node)" },
    // One router more than a process of that node has: the node masqueraded a pod.
    { name: "another node's pod, in the pod", seen: [atPod("10.20.32.205", 62)], client: "pod-other-node (hostport-pod)" },
    { name: "another node, at the uplink", seen: [at("node1/eth0", "10.20.32.205:41001 > 10.20.32.204:9000")], client: "other-node (hostport-node)" },
    { name: "another node's pod, at the uplink", seen: [at("node1/eth0", "10.20.32.205:41001 > 10.20.32.204:9000", 63)], client: "pod-other-node (hostport-pod)" },
    { name: "the node by its own address", seen: [atPod("10.20.32.204", 64)],   client: "own-address (hostport-node)" },
    { name: "the node by 127.0.0.1, not masqueraded", seen: [atPod("127.0.0.1", 64)], client: "localhost (hostport-localhost)" },
    {
      name: "the node by 127.0.0.1, at the bridge half translated",
      seen: [
        { ...at("node1/cni0", "10.233.1.1:41001 > 10.233.1.2:8080"), ttl: [64, undefined] },
        { ...at("node1/cni0", "127.0.0.1:41001 > 10.233.1.2:8080"), ttl: [undefined, 64] },
      ],
      client: "localhost (hostport-localhost)",
    },
    {
      name: "the pod itself, both legs",
      seen: [at("pod:web", "10.233.1.2:41001 > 10.20.32.204:9000"), atPod("10.233.1.1", 64)],
      client: "hairpin (hostport-hairpin)",
    },
    {
      name: "its neighbour, in the neighbour's pod",
      seen: [at("pod:neighbour", "10.233.1.3:41001 > 10.20.32.204:9000"), atPod("10.233.1.1", 64)],
      client: "pod-same-node (hostport-pod)",
    },
    // Routed, and yet from an address of this node: whoever dialled, its source was rewritten.
    { name: "somebody rewritten to the bridge", seen: [atPod("10.233.1.1", 62)], client: "external (hostport-external)" },
    { name: "the bridge, unrouted: a probe looks the same", seen: [atPod("10.233.1.1", 64)], client: "nobody" },
    { name: "a pod that dials the pod itself", seen: [at("pod:far", "10.233.2.2:41001 > 10.233.1.2:8080"), atPod("10.233.2.2", 62)], client: "nobody" },
    { name: "somebody who dials another port", seen: [at("node1/eth0", "198.51.100.79:41001 > 10.20.32.204:9001", 63)], client: "nobody" },
    { name: "somebody who dials another node", seen: [at("node1/eth0", "198.51.100.79:41001 > 10.20.32.205:9000", 63)], client: "nobody" },
    // A NodePort or a Service of the same pod, seen before it was translated.
    { name: "somebody who dials another port that leads to the pod", seen: [at("node1/eth0", "198.51.100.79:41001 > 10.20.32.204:30080", 63), atPod("198.51.100.79", 62)], client: "nobody" },
  ])("$name: $client", ({ seen, client }) => {
    expect(judgedAs(seen)).toBe(client);
  });
});

describe("with flags, an address that nobody named is nobody's", () => {
  test.each([
    { source: "198.51.100.79", ttl: 62, client: "external (hostport-external)" },
    { source: "10.20.32.205", ttl: 63, client: "nobody" },
    { source: "10.20.32.204", ttl: 64, client: "nobody" },
    { source: "10.233.1.1", ttl: 64, client: "nobody" },
  ])("$source with TTL $ttl: $client", ({ source, ttl, client }) => {
    expect(judgedAs([atPod(source, ttl)], LAB_FLAGS)).toBe(client);
  });

  // --client says that this address is the client that the scenario is about, if its distance fits.
  test.each([
    { ttl: 62, client: "external (hostport-external), pod-other-node (hostport-pod)" },
    { ttl: 63, client: "external (hostport-external), other-node (hostport-node)" },
  ])("--client 10.9.9.9 with TTL $ttl: $client", ({ ttl, client }) => {
    const clients = ["10.9.0.0/16"].flatMap((text) => parsePrefix(text) ?? []);
    expect(judgedAs([atPod("10.9.9.9", ttl)], { ...LAB_FLAGS, clients })).toBe(client);
  });
});

/** What membership says of the only connection. */
function told(scenario: string, seen: readonly Seen[], facts = given) {
  const [only] = run({ scenario, seen, given: facts }).connections;
  const [check] = only?.checks ?? [];
  return { verdict: check?.verdict, missing: check?.missing, observed: check?.observed ?? "" };
}

describe("a connection of another scenario is told where it belongs", () => {
  // prettier-ignore
  test.each([
    { seen: [atPod("198.51.100.79", 62)], asked: "hostport-node",     belongs: "hostport-external" },
    { seen: [atPod("10.20.32.205", 63)],  asked: "hostport-external", belongs: "hostport-node" },
    { seen: [atPod("10.20.32.205", 62)],  asked: "hostport-node",     belongs: "hostport-pod" },
    { seen: [atPod("10.20.32.204", 64)],  asked: "hostport-localhost", belongs: "hostport-node" },
    { seen: [atPod("127.0.0.1", 64)],     asked: "hostport-node",     belongs: "hostport-localhost" },
  ])("asked as $asked, belongs to $belongs", ({ seen, asked, belongs }) => {
    const { verdict, missing } = told(asked, seen);
    expect(verdict).toBe("not applicable");
    expect(missing).toEqual([`--scenario ${belongs}`]);
  });

  test("one that cannot be told apart is inconclusive under each scenario it may be of", () => {
    const verdicts = HOST_PORTS.map(({ name }) => [
      name,
      told(name, [atPod("10.233.1.1", 64)]).verdict,
    ]);
    expect(verdicts).toEqual([
      ["hostport-external", "not applicable"],
      ["hostport-node", "not applicable"],
      ["hostport-localhost", "inconclusive"],
      ["hostport-hairpin", "inconclusive"],
      ["hostport-pod", "inconclusive"],
    ]);
  });
});

test("strangers to the pod are counted, not judged", () => {
  const stranger = at("node1/eth0", "198.51.100.79:5353 > 192.0.2.1:53");
  const report = run({ scenario: "hostport-external", seen: [stranger], given });
  expect(report.connections).toEqual<ConnectionReport[]>([]);
  expect(report.verdict).toBe("inconclusive");
  expect(report.notes).toEqual([
    "no connection of hostport-external in the capture: nothing was checked; `pcapcheck flows` lists what is there",
    "1 connection that has nothing to do with it",
  ]);
});
