/** What each check says of one connection: verdict, and observed in the notation of expected. */
import { describe, expect, test } from "vitest";
import type { Check, CheckName } from "#verify/report.js";
import type { Seen } from "../support/verify-connection.js";
import { LAB_FLAGS, NOTHING_GIVEN } from "../support/verify-recorded.js";
import { run, type Run } from "../support/verify-run.js";

const CLIENT = "198.51.100.79:41001";
const AT_CLIENT: Seen = { at: "client", tuple: `${CLIENT} > 10.20.32.204:9000`, ttl: [64, 62] };
const AT_NODE: Seen = { at: "node1/eth0", tuple: AT_CLIENT.tuple, ttl: [63, 63], ms: 1 };
const AT_BRIDGE: Seen = { at: "node1/cni0", tuple: `${CLIENT} > 10.233.1.2:8080`, ms: 2 };
const IN_POD: Seen = { at: "pod:web", tuple: `${CLIENT} > 10.233.1.2:8080`, ms: 3 };
const CLOSED = { protocol: "udp", packets: [1, 0], ipId: 7, payload: 9 } as const;
/** SYNs without an answer. */
const UNANSWERED = { isn: [1000, undefined], packets: [4, 0], syns: [4, 0] } as const;

function checkOf(name: CheckName, seen: readonly Seen[], more: Partial<Run> = {}): Check {
  const { connections } = run({ scenario: "hostport-external", seen, ...more });
  const found = connections.flatMap(({ checks }) => checks).find(({ check }) => check === name);
  if (!found) throw new Error(`not examined: ${name}`);
  return found;
}

interface Row {
  readonly name: string;
  readonly seen: readonly Seen[];
  readonly verdict: Check["verdict"];
  readonly observed: string;
}

// prettier-ignore
describe("destination translated to the pod", () => {
  test.each<Row>([
    { name: "seen at the pod",               seen: [AT_NODE, IN_POD], verdict: "pass", observed: "10.233.1.2:8080" },
    { name: "seen dialled only",             seen: [AT_NODE], verdict: "inconclusive", observed: "10.20.32.204:9000 at node1/eth0" },
    { name: "another address on the bridge", seen: [AT_NODE, { ...AT_BRIDGE, tuple: `${CLIENT} > 10.233.1.9:8080` }], verdict: "fail", observed: "10.233.1.9:8080 (node1/cni0)" },
    { name: "another port of the pod",       seen: [AT_NODE, { ...IN_POD, tuple: `${CLIENT} > 10.233.1.2:8081` }], verdict: "fail", observed: "10.233.1.2:8081 (pod:web)" },
    { name: "answered by the node",          seen: [{ ...AT_NODE, ttl: [63, 64] }], verdict: "fail", observed: "not translated: the node itself answered (TTL 64 at node1/eth0)" },
  ])("$name: $verdict", ({ seen, verdict, observed }) => {
    expect(checkOf("destination translated to the pod", seen)).toMatchObject({ verdict, observed, expected: "10.233.1.2:8080" });
  });
});

// prettier-ignore
describe("source kept", () => {
  test.each<Row & { expected: string }>([
    { name: "the client's, at both ends",  seen: [AT_NODE, IN_POD], verdict: "pass", expected: "198.51.100.79", observed: `${CLIENT} (TTL 62, pod:web)` },
    { name: "only the pod's end is shown", seen: [IN_POD],          verdict: "pass", expected: "the client's own address, unchanged", observed: `${CLIENT} (TTL 62, pod:web)` },
    { name: "the bridge's, routed",        seen: [{ ...IN_POD, tuple: "10.233.1.1:41001 > 10.233.1.2:8080" }], verdict: "fail", expected: "the client's own address", observed: "10.233.1.1:41001 (TTL 62, pod:web)" },
    { name: "the node's, routed",          seen: [AT_NODE, { ...IN_POD, tuple: "10.20.32.204:33572 > 10.233.1.2:8080" }], verdict: "fail", expected: "198.51.100.79", observed: "10.20.32.204:33572 (TTL 62, pod:web)" },
    // Two hostPorts of one pod port and one client port: the kernel changes the port alone.
    { name: "the client's with another port", seen: [AT_NODE, { ...IN_POD, tuple: "198.51.100.79:30926 > 10.233.1.2:8080" }], verdict: "pass", expected: "198.51.100.79", observed: "198.51.100.79:30926 (TTL 62, pod:web)" },
    { name: "not shown",                   seen: [AT_NODE],         verdict: "inconclusive", expected: "198.51.100.79", observed: "no capture shows the request as the pod gets it" },
  ])("$name: $verdict", ({ seen, verdict, expected, observed }) => {
    expect(checkOf("source kept", seen)).toMatchObject({ verdict, expected, observed });
  });
});

const back = (source: string): Seen => ({
  ...IN_POD,
  tuple: `${source}:41001 > 10.233.1.2:8080`,
  ttl: [64, 64],
});

// prettier-ignore
describe("source masqueraded", () => {
  const dialled: Seen = { at: "pod:web", tuple: "10.233.1.2:41001 > 10.20.32.204:9000", ttl: [64, 64] };
  test.each<Row>([
    { name: "the bridge's address",   seen: [dialled, back("10.233.1.1")],    verdict: "pass", observed: "10.233.1.1:41001 (TTL 64, pod:web)" },
    { name: "the pod's own address",  seen: [dialled, back("10.233.1.2")],    verdict: "fail", observed: "10.233.1.2:41001 (TTL 64, pod:web)" },
    { name: "the node's uplink",      seen: [dialled, back("10.20.32.204")],  verdict: "fail", observed: "10.20.32.204:41001 (TTL 64, pod:web)" },
  ])("$name: $verdict", ({ seen, verdict, observed }) => {
    const check = checkOf("source masqueraded", seen, { scenario: "hostport-hairpin" });
    expect(check).toMatchObject({ verdict, observed, expected: "10.233.1.1, the node's bridge" });
  });
});

const UNHEARD = { data: [66, 0], isUnheard: true, repeated: 6 } as const;
const LATE = { isn: [undefined, undefined], syns: [0, 0] } as const;

// prettier-ignore
describe("data arrives", () => {
  test.each<Row>([
    { name: "repeated after a handshake",     seen: [{ ...IN_POD, ...UNHEARD, history: "ShADTa" }], verdict: "fail", observed: "the client's data repeated 6 times at pod:web, never acknowledged" },
    { name: "the same, captured late",        seen: [{ ...IN_POD, ...UNHEARD, ...LATE, history: "DTa" }], verdict: "inconclusive", observed: "the client's data repeated 6 times at pod:web, and no acknowledgement was captured there" },
    { name: "the same of one side",           seen: [{ ...IN_POD, ...UNHEARD, isn: [1000, undefined], ttl: [62, undefined], history: "SADT" }], verdict: "inconclusive", observed: "the client's data repeated 6 times at pod:web, and no acknowledgement was captured there" },
    { name: "of one side, answered elsewhere", seen: [{ ...AT_NODE, data: [66, 0] }, { ...IN_POD, ...UNHEARD, isn: [1000, undefined], ttl: [62, undefined], history: "SADT" }], verdict: "pass", observed: "no data is repeated without an answer" },
    { name: "of one side, which goes on",     seen: [{ ...IN_POD, ...UNHEARD, data: [90_000, 0], isn: [1000, undefined], ttl: [62, undefined], history: "SADT" }], verdict: "pass", observed: "no data is repeated without an answer" },
    { name: "a SYN repeated, then data once", seen: [{ ...IN_POD, ...UNHEARD, repeated: 3, syns: [4, 1], history: "ShAD" }], verdict: "pass", observed: "no data is repeated without an answer" },
  ])("$name: $verdict", ({ seen, verdict, observed }) => {
    expect(checkOf("data arrives", seen)).toMatchObject({ verdict, observed });
  });
});

// prettier-ignore
describe("answered", () => {
  test.each<Row>([
    { name: "a SYN-ACK",                   seen: [IN_POD], verdict: "pass", observed: "SYN-ACK seen at pod:web" },
    { name: "requests that go on",         seen: [{ ...IN_POD, isn: [1000, undefined], ttl: [62, undefined] }], verdict: "pass", observed: "the client goes on after its SYN (pod:web); replies were not captured" },
    { name: "a SYN and nothing else",      seen: [{ ...IN_POD, ...UNANSWERED, ttl: [62, undefined], packets: [1, 0], syns: [1, 0] }], verdict: "inconclusive", observed: "one SYN and nothing after it" },
    { name: "a SYN four times",            seen: [{ ...IN_POD, ...UNANSWERED, ttl: [62, undefined] }], verdict: "fail", observed: "SYN sent 4 times, never answered (pod:web)" },
    { name: "a SYN and the client's own reset", seen: [{ ...IN_POD, ...UNANSWERED, ttl: [62, undefined], packets: [2, 0], syns: [1, 0], resets: [1, 0] }], verdict: "inconclusive", observed: "one SYN and nothing after it" },
    { name: "a reset",                     seen: [{ ...IN_POD, isn: [1000, undefined], packets: [1, 1], resets: [0, 1] }], verdict: "fail", observed: "RST from 10.233.1.2 (TTL 64, pod:web)" },
    { name: "an ICMP error",               seen: [{ ...AT_NODE, ...UNANSWERED, ttl: [63, undefined], icmpErrors: [{ type: 3, code: 13, from: "10.20.32.204" }] }], verdict: "fail", observed: "ICMP 3/13 from 10.20.32.204 (node1/eth0)" },
    { name: "a closed UDP port, where NAT has not changed the error yet", seen: [{ ...AT_NODE, ...CLOSED, ttl: [63, undefined], icmpErrors: [{ type: 3, code: 3, from: "10.20.32.204" }] }, { ...IN_POD, ...CLOSED, ttl: [62, undefined], icmpErrors: [{ type: 3, code: 3, from: "10.233.1.2" }] }], verdict: "fail", observed: "ICMP 3/3 from 10.233.1.2 (pod:web), and no reply" },
    { name: "a datagram without a reply",  seen: [{ ...IN_POD, protocol: "udp", ttl: [62, undefined], packets: [1, 0] }], verdict: "not applicable", observed: "no reply seen; not every datagram is answered" },
  ])("$name: $verdict", ({ seen, verdict, observed }) => {
    expect(checkOf("answered", seen)).toMatchObject({ verdict, observed });
  });
});

// prettier-ignore
describe("reply translated back", () => {
  const reply = { isn: [1000, 2000], packets: [0, 4] } as const;
  test.each<Row>([
    { name: "from what was dialled",          seen: [AT_NODE, IN_POD], verdict: "pass", observed: "10.20.32.204:9000 (node1/eth0)" },
    { name: "from the pod's address, at the uplink", seen: [IN_POD, { ...AT_BRIDGE, ...reply, at: "node1/eth0", ttl: [undefined, 63] }], verdict: "fail", observed: "10.233.1.2:8080 (node1/eth0)" },
    { name: "from the pod's address, at the client", seen: [AT_NODE, IN_POD, { ...AT_BRIDGE, ...reply, at: "client", ttl: [undefined, 62] }], verdict: "fail", observed: "10.233.1.2:8080 (client)" },
    { name: "the client acknowledges it",     seen: [IN_POD], verdict: "pass", observed: "the client acknowledges the pod's answer (pod:web)" },
    { name: "both sides repeat themselves",   seen: [{ ...IN_POD, packets: [3, 4], syns: [3, 4] }], verdict: "fail", observed: "the pod answers 4 times, the client never hears it" },
    { name: "translated back, and lost outside", seen: [AT_NODE, IN_POD].map((one) => ({ ...one, packets: [2, 3], syns: [2, 3] })), verdict: "fail", observed: "the pod answers 3 times, the client never hears it" },
    { name: "answered by the node itself",    seen: [{ ...AT_NODE, ttl: [63, 64] }], verdict: "not applicable", observed: "the node itself answered" },
    { name: "no reply",                       seen: [{ ...AT_NODE, ...UNANSWERED, ttl: [63, undefined] }], verdict: "not applicable", observed: "no reply was captured" },
    { name: "a datagram's, in the pod only",  seen: [{ ...IN_POD, protocol: "udp" }], verdict: "inconclusive", observed: "only seen at pod:web, before it is translated back" },
  ])("$name: $verdict", ({ seen, verdict, observed }) => {
    expect(checkOf("reply translated back", seen)).toMatchObject({ verdict, observed });
  });
});

// prettier-ignore
describe("a hostNetwork pod", () => {
  const given = { ...NOTHING_GIVEN, node: ["10.20.32.204"], hostPort: 8081 };
  const more = { scenario: "hostnetwork-external", given };
  const dialled: Seen = { ...AT_NODE, tuple: `${CLIENT} > 10.20.32.204:8081` };
  test.each([
    { name: "the node's own stack answers", reply: 64, verdict: "pass", observed: "TTL 64 at node1/eth0: no router between" },
    { name: "Windows' and routers' TTLs too", reply: 128, verdict: "pass", observed: "TTL 128 at node1/eth0: no router between" },
    { name: "the answer was routed",        reply: 63, verdict: "fail", observed: "TTL 63 at node1/eth0: the answer was routed by the node" },
  ])("$name: $verdict", ({ reply, verdict, observed }) => {
    expect(checkOf("delivered", [{ ...dialled, ttl: [63, reply] }], more)).toMatchObject({ verdict, observed });
  });

  test("its destination is what was dialled", () => {
    const seen = [{ ...dialled, ttl: [63, 64] as const }];
    expect(checkOf("destination kept", seen, more)).toMatchObject({ verdict: "pass", expected: "10.20.32.204:8081", observed: "10.20.32.204:8081" });
  });
});

test("every check that decides cites its packets", () => {
  const { connections } = run({
    scenario: "hostport-external",
    seen: [AT_CLIENT, AT_NODE, AT_BRIDGE, IN_POD],
    given: LAB_FLAGS,
  });
  const cited = connections.flatMap(({ checks }) =>
    checks
      .filter(({ verdict }) => verdict === "pass")
      .map(({ evidence }) => evidence.map(({ file }) => file)),
  );
  expect(cited).toEqual([
    ["node1/cni0.pcap"],
    ["client.pcap", "pod:web.pcap"],
    ["node1/cni0.pcap"],
    ["client.pcap"],
    ["client.pcap"],
    ["client.pcap", "node1/eth0.pcap", "node1/cni0.pcap", "pod:web.pcap"],
  ]);
});
