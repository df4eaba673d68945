import { describe, expect, test } from "vitest";
import type { Endpoint, FiveTuple } from "#net/five-tuple.js";
import { indexConntrack } from "#observed/conntrack/conntrack-index.js";
import { readConntrack } from "#observed/conntrack/read-conntrack.js";

const CLIENT = "src=198.51.100.79 dst=10.20.32.204 sport=41001 dport=30080";

/** NodePort on node1, the endpoint on node2: DNAT and masquerade, then neither. */
const TABLES = {
  node1: [
    `tcp 6 118 TIME_WAIT ${CLIENT} src=10.233.2.2 dst=10.233.1.0 sport=8080 dport=48911 [ASSURED] mark=0 use=1`,
    "tcp 6 118 TIME_WAIT src=10.233.1.9 dst=10.96.0.10 sport=50000 dport=80 src=10.233.1.9 dst=10.233.1.1 sport=8080 dport=7777 [ASSURED] mark=0 use=1",
    "udp 17 28 src=198.51.100.79 dst=10.20.32.204 sport=42001 dport=9999 src=10.233.1.2 dst=198.51.100.79 sport=9999 dport=42001 mark=0 use=1",
    "udp 17 28 src=198.51.100.79 dst=10.20.32.204 sport=42001 dport=9999 src=10.233.1.5 dst=198.51.100.79 sport=9999 dport=42001 mark=0 zone=3 use=1",
  ],
  node2: [
    "tcp 6 118 TIME_WAIT src=10.233.1.0 dst=10.233.2.2 sport=48911 dport=8080 src=10.233.2.2 dst=10.233.1.0 sport=8080 dport=48911 [ASSURED] mark=0 use=1",
  ],
};

const INDEX = indexConntrack(
  Object.entries(TABLES).flatMap(
    ([node, lines]) => readConntrack({ node, file: node, text: lines.join("\n") }).entries,
  ),
);

function tuple(text: string): FiveTuple {
  const [protocol = "", source = "", destination = ""] = text.split(/ > | /);
  return { protocol, source: end(source), destination: end(destination) };
}

function end(word: string): Endpoint {
  const [address = "", port] = word.split(":");
  return { address, port: Number(port) };
}

const describeFlows = (text: string): string =>
  INDEX.flowsOf(tuple(text))
    .map(({ entries }) => entries.map(({ node, line }) => `${node}:${line}`).join(" "))
    .join(" | ");

const ROWS: readonly [what: string, tuple: string, entries: string][] = [
  ["as dialled", "tcp 198.51.100.79:41001 > 10.20.32.204:30080", "node1:1 node2:1"],
  ["its answer to the client", "tcp 10.20.32.204:30080 > 198.51.100.79:41001", "node1:1 node2:1"],
  ["translated, between the nodes", "tcp 10.233.1.0:48911 > 10.233.2.2:8080", "node1:1 node2:1"],
  ["the answer between the nodes", "tcp 10.233.2.2:8080 > 10.233.1.0:48911", "node1:1 node2:1"],
  [
    "on a bridge, not masqueraded yet",
    "tcp 198.51.100.79:41001 > 10.233.2.2:8080",
    "node1:1 node2:1",
  ],
  ["hairpin, before its masquerade", "tcp 10.233.1.9:50000 > 10.233.1.9:8080", "node1:2"],
  ["hairpin, behind it", "tcp 10.233.1.1:7777 > 10.233.1.9:8080", "node1:2"],
  ["the same numbers of another protocol", "udp 198.51.100.79:41001 > 10.20.32.204:30080", ""],
  ["another port", "tcp 198.51.100.79:41002 > 10.20.32.204:30080", ""],
  ["in use in two zones", "udp 198.51.100.79:42001 > 10.20.32.204:9999", "node1:3 | node1:4"],
  ["translated in one of them", "udp 198.51.100.79:42001 > 10.233.1.5:9999", "node1:4"],
];

test.each(ROWS)("%s", (_what, text, entries) => {
  expect(describeFlows(text)).toBe(entries);
});

describe("events", () => {
  const lost = [
    `[NEW] tcp 6 120 SYN_SENT ${CLIENT} [UNREPLIED] src=10.233.1.2 dst=10.233.1.1 sport=8081 dport=1111`,
    `[DESTROY] tcp 6 ${CLIENT} src=10.233.1.2 dst=10.233.1.1 sport=8081 dport=1111 [ASSURED]`,
    `[NEW] tcp 6 300 ESTABLISHED ${CLIENT} [UNREPLIED] src=10.233.1.2 dst=10.233.1.1 sport=8081 dport=2222`,
  ];
  const index = indexConntrack(
    readConntrack({ node: "node1", file: "events", text: lost.join("\n") }).entries,
  );

  test.each(["tcp 10.233.1.1:1111 > 10.233.1.2:8081", "tcp 10.233.1.1:2222 > 10.233.1.2:8081"])(
    "a connection whose entry was lost and made again keeps its flow: %s",
    (text) => {
      const flows = index.flowsOf(tuple(text));
      expect(flows.map(({ id, entries }) => [id, entries.map(({ line }) => line)])).toEqual([
        [0, [1, 2, 3]],
      ]);
    },
  );
});

const line = (at: number) =>
  `tcp 6 9 TIME_WAIT src=10.0.${at >> 8}.${at & 255} dst=10.96.0.10 sport=40000 dport=80 ` +
  `src=10.233.1.2 dst=10.233.1.1 sport=8080 dport=${at} [ASSURED]`;

test("a table as large as a node's may be is linked in time that follows its length", () => {
  const text = Array.from({ length: 60_000 }, (_, at) => line(at)).join("\n");
  const { entries } = readConntrack({ node: "node1", file: "big", text });
  const index = indexConntrack(entries);
  const [flow, ...others] = index.flowsOf(tuple("tcp 10.233.1.1:59999 > 10.233.1.2:8080"));
  expect(flow?.entries.map(({ line: number }) => number)).toEqual([60_000]);
  expect(others).toEqual([]);
});
