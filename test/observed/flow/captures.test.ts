/**
 * Every capture in the tree against tshark: `captures/lab/oracle.sh` writes each folder's
 * tshark-conv.txt, with the command that made it.
 */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatEndpoint } from "#net/five-tuple.js";
import { readCapture } from "#observed/capture/read-capture.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import type { Connection } from "#observed/flow/connection.js";
import { FlowTracker } from "#observed/flow/tracker.js";

const CAPTURES = new URL("../../../captures/", import.meta.url).pathname;

interface Conversation {
  readonly packets: readonly [number, number];
  readonly bytes: readonly [string, string];
}

function connectionsOf(path: string): readonly Connection[] {
  const descriptor = openSync(path, "r");
  const read = (target: Uint8Array, at: number) =>
    readSync(descriptor, target, at, target.length - at, null);
  const tracker = new FlowTracker();
  const decoded = new DecodedPacket();
  tracker.startFile({ file: path, point: path, baseTime: undefined });
  const summary = readCapture({ name: path, read }, (record) => {
    decodeRecord(record, decoded);
    tracker.add(record, decoded);
  });
  closeSync(descriptor);
  tracker.finishFile(summary);
  return [...tracker.connections()];
}

/** tshark's `-z conv` tables by file: a line `A <-> B`, frames and bytes to A, then to B. */
function readOracle(text: string): ReadonlyMap<string, ReadonlyMap<string, Conversation>> {
  const files = new Map<string, Map<string, Conversation>>();
  let conversations = new Map<string, Conversation>();
  let protocol = "";
  for (const line of text.split("\n")) {
    const file = /^\$ tshark .*-r (\S+)/.exec(line)?.[1];
    if (file !== undefined) files.set(file, (conversations = new Map<string, Conversation>()));
    protocol = /^(TCP|UDP) Conversations/.exec(line)?.[1]?.toLowerCase() ?? protocol;
    const [, a = "", b = "", ...cells] = CONVERSATION.exec(line) ?? [];
    if (cells.length === 0) continue;
    const [toA = "", bytesToA = "", toB = "", bytesToB = ""] = cells;
    const forward = { packets: [Number(toB), Number(toA)], bytes: [bytesToB, bytesToA] } as const;
    const backward = { packets: [Number(toA), Number(toB)], bytes: [bytesToA, bytesToB] } as const;
    if (a <= b) conversations.set(`${protocol} ${a} ${b}`, forward);
    else conversations.set(`${protocol} ${b} ${a}`, backward);
  }
  return files;
}

const CONVERSATION =
  /^(\S+:\d+)\s+<->\s+(\S+:\d+)\s+(\d+) (\d+ \S+)\s+(\d+) (\d+ \S+)\s+\d+ \d+ \S+/;

/** tshark writes IPv6 addresses with ports without brackets. */
function sumConversations(connections: readonly Connection[]): ReadonlyMap<string, Conversation> {
  const sums = new Map<string, { packets: [number, number]; bytes: [number, number] }>();
  for (const { protocol, originator, responder, packets, frameBytes } of connections) {
    if (protocol !== "tcp" && protocol !== "udp") continue;
    const a = formatEndpoint(originator).replaceAll(/[[\]]/g, "");
    const b = formatEndpoint(responder).replaceAll(/[[\]]/g, "");
    const inOrder = a <= b;
    const key = `${protocol} ${inOrder ? `${a} ${b}` : `${b} ${a}`}`;
    const sum = sums.get(key) ?? { packets: [0, 0], bytes: [0, 0] };
    sum.packets[0] += packets[inOrder ? 0 : 1];
    sum.packets[1] += packets[inOrder ? 1 : 0];
    sum.bytes[0] += frameBytes[inOrder ? 0 : 1];
    sum.bytes[1] += frameBytes[inOrder ? 1 : 0];
    sums.set(key, sum);
  }
  return new Map(
    [...sums].map(
      ([
        key,
        {
          packets,
          bytes: [ab, ba],
        },
      ]) => [key, { packets, bytes: [sizeAsTshark(ab), sizeAsTshark(ba)] }],
    ),
  );
}

/** Wireshark's format_size: whole kB from 10 kB, whole MB from 10 MB. */
function sizeAsTshark(bytes: number): string {
  if (bytes >= 10_000_000) return `${Math.floor(bytes / 1_000_000)} MB`;
  return bytes >= 10_000 ? `${Math.floor(bytes / 1000)} kB` : `${bytes} bytes`;
}

const folders = readdirSync(CAPTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  // tshark counts no segment whose TCP header is cut, as those in the VXLAN are at 96 bytes.
  .filter((name) => name !== "capture-snaplen-96")
  .filter((name) => existsSync(join(CAPTURES, name, "tshark-conv.txt")));

test.each(folders)("%s: packets and bytes each way as tshark counts them", (folder) => {
  const oracle = readOracle(readFileSync(join(CAPTURES, folder, "tshark-conv.txt"), "utf8"));
  expect(oracle.size).toBeGreaterThan(0);
  for (const [file, conversations] of oracle) {
    const sums = sumConversations(connectionsOf(join(CAPTURES, folder, file)));
    const whole = (all: ReadonlyMap<string, Conversation>) =>
      sorted(new Map([...all].filter(([key]) => !isFragmented(folder, sums.get(key)))));
    expect({ file, conversations: whole(sums) }).toEqual({
      file,
      conversations: whole(conversations),
    });
  }
});

/** tshark counts of a datagram in fragments the one that completes it, and no other. */
function isFragmented(folder: string, conversation: Conversation | undefined): boolean {
  const sides = conversation?.bytes ?? [];
  return FRAGMENTED.has(folder) && sides.some((side) => !IS_SMALL.test(side));
}

const FRAGMENTED = new Set(["mixed-load", "udp-fragments"]);
/** Any other conversation of these cases. */
const IS_SMALL = /^[12]?\d{1,3} bytes$/;

const HEALTHY = join(CAPTURES, "hostport-external");
const healthyFiles = readdirSync(HEALTHY).filter((file) => /\.pcap(ng)?$/.test(file));

test.each(healthyFiles)("hostport-external/%s: whole connections, nothing sent again", (file) => {
  for (const one of connectionsOf(join(HEALTHY, file))) {
    if (one.protocol !== "tcp" || isHalfSeen(file)) continue;
    expect(one).toMatchObject({ state: "SF", history: "ShADadFf" });
    // Linux cooked v1 does not tell interfaces apart, so the hops of a packet look like copies.
    const hops = file.includes("any-sll") && one.point.direction === "out" ? 2 : 1;
    one.directions.forEach(({ retransmissions, copies }, side) => {
      const packets = one.packets[side] ?? 0;
      expect({ retransmissions, copies }).toEqual({
        retransmissions: 0,
        copies: packets - packets / hops,
      });
    });
  }
});

/** Captured with a filter that lets one direction through. */
function isHalfSeen(file: string): boolean {
  return file.startsWith("svc_host_port");
}

function sorted(conversations: ReadonlyMap<string, Conversation>): object {
  return Object.fromEntries([...conversations].sort(([a], [b]) => (a < b ? -1 : 1)));
}
