/** The model, run on the state that each case recorded, gives what its captures show. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Arrival } from "#expected/netfilter/packet.js";
import { formatPredictedTuple, isPredicted } from "#expected/netfilter/predicted-tuple.js";
import { replyTo } from "#expected/netfilter/reply.js";
import { traverse } from "#expected/netfilter/traverse.js";
import type { FiveTuple } from "#net/five-tuple.js";
import { readCapture } from "#observed/capture/read-capture.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import { FlowTracker } from "#observed/flow/tracker.js";
import { blockSource } from "../../support/capture-read.js";
import { outcome, recordedNode, tuple } from "../../support/netfilter.js";

const CLIENT = "198.51.100.79:41001";
const NODE = "10.20.32.204";
const HOST_PORT = `${NODE}:9000`;
const P1A = "10.233.1.2:8080";
const BRIDGE = "10.233.1.1:41001";

interface Row {
  readonly case: string;
  readonly protocol?: string;
  readonly from: string;
  readonly to: string;
  /** An interface of node1; `process` for one of its own. */
  readonly by: string;
  readonly leaves?: string;
  readonly outcome: string;
}

// oxfmt-ignore
const ROWS: readonly Row[] = [
  { case: "hostport-external",               from: CLIENT,                 to: HOST_PORT,        by: "eth0",      leaves: "cni0", outcome: `forwarded tcp ${CLIENT} > ${P1A}` },
  { case: "hostport-hostip",                 from: CLIENT,                 to: HOST_PORT,        by: "eth0",      leaves: "cni0", outcome: `forwarded tcp ${CLIENT} > ${P1A}` },
  { case: "hostport-udp", protocol: "udp",   from: "198.51.100.79:42001",  to: `${NODE}:9999`,   by: "eth0",      leaves: "cni0", outcome: "forwarded udp 198.51.100.79:42001 > 10.233.1.2:9999" },
  { case: "hostport-other-node",             from: "10.20.32.205:41001",   to: HOST_PORT,        by: "eth0",      leaves: "cni0", outcome: `forwarded tcp 10.20.32.205:41001 > ${P1A}` },
  { case: "hostport-own-address",            from: `${NODE}:41001`,        to: HOST_PORT,        by: "process",   leaves: "cni0", outcome: `forwarded tcp ${NODE}:41001 > ${P1A}` },
  { case: "hostport-localhost",              from: "127.0.0.1:41001",      to: "127.0.0.1:9000", by: "process",   leaves: "cni0", outcome: `forwarded tcp ${BRIDGE} > ${P1A}` },
  { case: "hostport-hairpin",                from: "10.233.1.2:41001",     to: HOST_PORT,        by: "cni0",      leaves: "cni0", outcome: `forwarded tcp ${BRIDGE} > ${P1A}` },
  { case: "hostport-hairpin-promisc",        from: "10.233.1.2:41001",     to: HOST_PORT,        by: "cni0",      leaves: "cni0", outcome: `forwarded tcp ${BRIDGE} > ${P1A}` },
  { case: "hostport-pod-same-node",          from: "10.233.1.3:41001",     to: HOST_PORT,        by: "cni0",      leaves: "cni0", outcome: `forwarded tcp ${BRIDGE} > ${P1A}` },
  { case: "hostport-pod-other-node",         from: "10.20.32.205:37742",   to: HOST_PORT,        by: "eth0",      leaves: "cni0", outcome: `forwarded tcp 10.20.32.205:37742 > ${P1A}` },
  { case: "hostnetwork-external",            from: CLIENT,                 to: `${NODE}:8081`,   by: "eth0",                      outcome: `delivered-locally tcp ${CLIENT} > ${NODE}:8081` },
  { case: "pod-to-pod-other-node",           from: "10.233.2.2:41001",     to: P1A,              by: "flannel.1", leaves: "cni0", outcome: `forwarded tcp 10.233.2.2:41001 > ${P1A}` },
  { case: "broken-extra-masquerade",         from: CLIENT,                 to: HOST_PORT,        by: "eth0",      leaves: "cni0", outcome: `forwarded tcp ${BRIDGE} > ${P1A}` },
  { case: "broken-no-dnat",                  from: CLIENT,                 to: HOST_PORT,        by: "eth0",                      outcome: `delivered-locally tcp ${CLIENT} > ${HOST_PORT}` },
  { case: "broken-nothing-listening",        from: CLIENT,                 to: HOST_PORT,        by: "eth0",      leaves: "cni0", outcome: `forwarded tcp ${CLIENT} > ${P1A}` },
  { case: "broken-forward-drop",             from: CLIENT,                 to: HOST_PORT,        by: "eth0",                      outcome: "dropped -A FORWARD -d 10.233.1.0/24 -p tcp -m tcp --dport 8080 -m conntrack --ctstate NEW -j DROP" },
  { case: "broken-localhost-no-masquerade",  from: "127.0.0.1:41001",      to: "127.0.0.1:9000", by: "process",   leaves: "cni0", outcome: `forwarded tcp 127.0.0.1:41001 > ${P1A}` },
  // The node does its part; it is the bridge port that may not send the frame back (hairpin mode).
  { case: "broken-hairpin-off",              from: "10.233.1.2:41001",     to: HOST_PORT,        by: "cni0",      leaves: "cni0", outcome: `forwarded tcp ${BRIDGE} > ${P1A}` },
  { case: "broken-hairpin-off-promisc",      from: "10.233.1.2:41001",     to: HOST_PORT,        by: "cni0",      leaves: "cni0", outcome: `forwarded tcp ${BRIDGE} > ${P1A}` },
  // A new source port meets the new pod's rules; the old one its entry, below.
  { case: "broken-udp-stale-conntrack", protocol: "udp", from: "198.51.100.79:42002", to: `${NODE}:9999`, by: "eth0", leaves: "cni0", outcome: "forwarded udp 198.51.100.79:42002 > 10.233.1.4:9999" },
  // Of other connections than a hostPort's.
  { case: "hostport-client-behind-nat",      from: "10.20.32.1:41001",     to: HOST_PORT,          by: "eth0",      leaves: "cni0", outcome: `forwarded tcp 10.20.32.1:41001 > ${P1A}` },
  { case: "hostport-mid-connection",         from: CLIENT,                 to: HOST_PORT,          by: "eth0",      leaves: "cni0", outcome: `forwarded tcp ${CLIENT} > ${P1A}` },
  { case: "hostport-pod-no-bridge-nf",       from: "10.233.1.3:41001",     to: HOST_PORT,          by: "cni0",      leaves: "cni0", outcome: `forwarded tcp ${BRIDGE} > ${P1A}` },
  { case: "pod-dialled-by-address",          from: CLIENT,                 to: HOST_PORT,          by: "eth0",      leaves: "cni0", outcome: `forwarded tcp ${CLIENT} > ${P1A}` },
  { case: "pod-dialled-by-address",          from: "198.51.100.79:41003",  to: P1A,                by: "eth0",      leaves: "cni0", outcome: `forwarded tcp 198.51.100.79:41003 > ${P1A}` },
  { case: "pod-egress-mid-connection",       from: "10.233.1.2:45000",     to: "198.51.100.79:443", by: "cni0",     leaves: "eth0", outcome: `forwarded tcp ${NODE}:* > 198.51.100.79:443` },
  { case: "service-beside-hostport",         from: CLIENT,                 to: HOST_PORT,          by: "eth0",      leaves: "cni0", outcome: `forwarded tcp ${CLIENT} > ${P1A}` },
  { case: "service-beside-hostport",         from: "198.51.100.79:41003",  to: `${NODE}:30080`,    by: "eth0",      leaves: "cni0", outcome: `forwarded tcp 10.233.1.1:* > ${P1A}` },
  { case: "service-beside-hostport",         from: "127.0.0.1:41004",      to: "127.0.0.1:30080",  by: "process",   leaves: "cni0", outcome: `forwarded tcp 10.233.1.1:* > ${P1A}` },
  { case: "service-beside-hostport",         from: `${NODE}:41005`,        to: `${NODE}:30080`,    by: "process",   leaves: "cni0", outcome: `forwarded tcp 10.233.1.1:* > ${P1A}` },
  { case: "service-beside-hostport",         from: `${NODE}:41006`,        to: "10.96.0.50:80",    by: "process",   leaves: "cni0", outcome: `forwarded tcp 10.233.1.1:* > ${P1A}` },
  { case: "service-beside-hostport",         from: "10.233.1.3:41007",     to: "10.96.0.50:80",    by: "cni0",      leaves: "cni0", outcome: `forwarded tcp 10.233.1.3:41007 > ${P1A}` },
  { case: "service-beside-hostport",         from: "10.233.2.0:41008",     to: P1A,                by: "flannel.1", leaves: "cni0", outcome: `forwarded tcp 10.233.2.0:41008 > ${P1A}` },
  { case: "broken-large-packets-dropped",    from: CLIENT,                 to: HOST_PORT,          by: "eth0",      leaves: "cni0", outcome: `forwarded tcp ${CLIENT} > ${P1A}` },
  { case: "broken-udp-replies-dropped", protocol: "udp", from: "198.51.100.79:42001", to: `${NODE}:9999`, by: "eth0", leaves: "cni0", outcome: "forwarded udp 198.51.100.79:42001 > 10.233.1.2:9999" },
];

/** The client's connection was refused, dropped or never answered: no entry outlived it. */
const WITHOUT_ENTRY: readonly string[] = [
  "broken-no-dnat",
  "broken-nothing-listening",
  "broken-forward-drop",
  "broken-hairpin-off",
  "broken-hairpin-off-promisc",
];

const arrivalOf = (by: string): Arrival =>
  by === "process" ? { from: "process" } : { from: "interface", name: by };

const firstPacket = ({ protocol = "tcp", from, to, by }: Row) => ({
  tuple: tuple(`${protocol} ${from} > ${to}`),
  arrival: arrivalOf(by),
});

describe("a recorded case", () => {
  test.each(ROWS)("$case: $from to $to", (row) => {
    const [trace, ...others] = traverse(recordedNode(row.case), firstPacket(row));
    expect(others).toEqual([]);
    expect(trace && outcome(trace)).toBe(row.outcome);
    expect(trace?.out).toBe(row.leaves);
    expect(trace?.assumptions).toEqual([]);
    expect(trace?.probability).toBe(1);
  });

  const entries = ROWS.flatMap((row) => {
    const { tuple: original } = firstPacket(row);
    const kernel = recordedEntries(row.case).filter(({ first }) => isPredicted(original, first));
    return kernel.map(({ reply }) => ({ ...row, reply }));
  });

  test.each(entries)("$case: the kernel's conntrack entry is the model's", ({ reply, ...row }) => {
    const [trace] = traverse(recordedNode(row.case), firstPacket(row));
    expect(trace?.entry && isPredicted(trace.entry.reply, reply)).toBe(true);
  });

  test("is left without an entry by what never got through", () => {
    const without = ROWS.filter(
      ({ case: name, from }) =>
        !entries.some((entry) => entry.case === name && entry.from === from),
    );
    expect(without.map((row) => row.case)).toEqual(WITHOUT_ENTRY);
  });

  test.each(ROWS.filter(({ case: name }) => !NOT_BRIDGED.has(name)))(
    "$case: what leaves the node is what the next capture point shows",
    (row) => {
      const [trace] = traverse(recordedNode(row.case), firstPacket(row));
      const shown = capturedTuples(`captures/${row.case}/${nextPoint(row)}`);
      const isShown = shown.some((seen) => trace !== undefined && isPredicted(trace.final, seen));
      expect(isShown).toBe(trace?.disposition !== "dropped");
    },
  );

  test("broken-forward-drop: the rule is told with its line", () => {
    const [trace] = traverse(recordedNode("broken-forward-drop"), {
      tuple: tuple(`tcp ${CLIENT} > ${HOST_PORT}`),
      arrival: arrivalOf("eth0"),
    });
    const file = "captures/broken-forward-drop/node1.iptables-save.txt";
    const lines = readFileSync(file, "utf8").split("\n");
    expect(trace?.rule?.file).toBe(file);
    expect(lines[(trace?.rule?.line ?? 0) - 1]).toContain("-j DROP");
    expect(trace?.entry).toBeUndefined();
  });

  test("broken-udp-stale-conntrack: a known connection follows its entry, not the rules", () => {
    const original = tuple(`udp 198.51.100.79:42001 > ${NODE}:9999`);
    const reply = tuple("udp 10.233.1.2:9999 > 198.51.100.79:42001");
    const [trace] = traverse(recordedNode("broken-udp-stale-conntrack"), {
      tuple: original,
      arrival: arrivalOf("eth0"),
      tracking: {
        state: "established",
        direction: "original",
        entry: { original, reply, mark: 0 },
      },
    });
    expect(trace && outcome(trace)).toBe("forwarded udp 198.51.100.79:42001 > 10.233.1.2:9999");
  });

  test("broken-udp-replies-dropped: the answer is dropped, by the rule with its line", () => {
    const node = recordedNode("broken-udp-replies-dropped");
    const [trace] = traverse(node, {
      tuple: tuple(`udp 198.51.100.79:42002 > ${NODE}:9999`),
      arrival: arrivalOf("eth0"),
    });
    const answer = trace && replyTo(trace);
    const [back] = answer ? traverse(node, answer) : [];
    expect(back && outcome(back)).toBe(
      "dropped -A FORWARD -i cni0 -o eth0 -p udp -m udp --dport 42002:65535 -j DROP",
    );
    expect(back?.rule?.line).toBe(7);
  });

  test.each([
    [60, "forwarded"],
    [1252, "dropped"],
  ])("broken-large-packets-dropped: %i bytes are %s", (lengthBytes, disposition) => {
    const node = recordedNode("broken-large-packets-dropped");
    const original = tuple(`tcp ${CLIENT} > ${HOST_PORT}`);
    const [trace] = traverse(node, {
      tuple: original,
      arrival: arrivalOf("eth0"),
      lengthBytes,
      tcpFlags: ["ACK", "PSH"],
      tracking: {
        state: "established",
        direction: "original",
        entry: { original, reply: tuple(`tcp ${P1A} > ${CLIENT}`), mark: 0 },
      },
    });
    expect(trace?.disposition).toBe(disposition);
  });

  test.each(ROWS.filter(({ outcome }) => !outcome.startsWith("dropped")))(
    "$case: the answer is translated back to whom the client dialled",
    (row) => {
      const node = recordedNode(row.case);
      const [trace] = traverse(node, firstPacket(row));
      const answer = trace && replyTo(trace);
      const [back] = answer ? traverse(node, answer) : [];
      expect(back && formatPredictedTuple(back.final)).toBe(
        `${row.protocol ?? "tcp"} ${row.to} > ${row.from}`,
      );
    },
  );
});

/** The bridge does not return the frame to its port, which is not netfilter's doing. */
const NOT_BRIDGED: ReadonlySet<string> = new Set([
  "broken-hairpin-off",
  "broken-hairpin-off-promisc",
]);

/** Where the packet is captured next: in the pod, at the client, or at the node's own interface. */
function nextPoint({ case: name, leaves, outcome: expected }: Row): string {
  if (expected.startsWith("delivered-locally")) return "node1.eth0.pcap";
  if (leaves === "eth0") return "client.eth0.pcap";
  return name === "broken-udp-stale-conntrack" ? "pod-p1c.eth0.pcap" : "pod-p1a.eth0.pcap";
}

function capturedTuples(file: string): readonly FiveTuple[] {
  const tracker = new FlowTracker();
  const decoded = new DecodedPacket();
  tracker.startFile({ file, point: file, baseTime: undefined });
  const summary = readCapture(blockSource(readFileSync(file), file), (record) => {
    decodeRecord(record, decoded);
    tracker.add(record, decoded);
  });
  tracker.finishFile(summary);
  return [...tracker.connections()].flatMap(({ protocol, originator, responder }) => [
    { protocol, source: originator, destination: responder },
    { protocol, source: responder, destination: originator },
  ]);
}

const ENTRY =
  / (tcp|udp) .*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) .*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/;

function recordedEntries(folder: string) {
  const text = readFileSync(`captures/${folder}/node1.conntrack.txt`, "utf8");
  return text.split("\n").flatMap((line) => {
    const found = ENTRY.exec(line);
    if (found === null) return [];
    const [, protocol = "", ...ends] = found;
    const side = (at: number) => ({
      protocol,
      source: { address: ends[at] ?? "", port: Number(ends[at + 2]) },
      destination: { address: ends[at + 1] ?? "", port: Number(ends[at + 3]) },
    });
    return [{ first: side(0), reply: side(4) }];
  });
}
