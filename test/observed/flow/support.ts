/** Packets by hand, in a line each, and what the tracker makes of them. */
import { isIPv4 } from "node:net";
import { addressBits } from "#net/address.js";
import { IP_PROTOCOL } from "#net/protocol.js";
import { captureNs, epochNs } from "#net/types.js";
import { CaptureRecord, DIRECTION, type Direction } from "#observed/capture/record.js";
import { DecodedPacket, IpPacket } from "#observed/decode/packet.js";
import type { DecodeStop } from "#observed/decode/stop.js";
import type { Connection } from "#observed/flow/connection.js";
import { FlowTracker, type FlowOptions } from "#observed/flow/tracker.js";

export const CLIENT = "192.0.2.1";
export const SERVER = "198.51.100.2";
/** 2023-11-14T22:13:20Z. */
export const BASE = epochNs(1_700_000_000_000_000_000n);

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, ".": 0 };

/** What a test says of a packet; the rest is a TCP packet from client to server. */
export interface PacketFacts {
  readonly from?: string;
  readonly to?: string;
  readonly protocol?: number;
  /** Without ports, of a packet that ends before them. */
  readonly ports?: readonly [number, number] | undefined;
  readonly fields?: Partial<IpPacket>;
  readonly payload?: string;
}

export function ipPacket(facts: PacketFacts): IpPacket {
  const { from = CLIENT, to = SERVER, protocol = IP_PROTOCOL.tcp, payload = "" } = facts;
  const packet = new IpPacket();
  packet.version = isIPv4(from) ? 4 : 6;
  packet.source = addressWords(from);
  packet.destination = addressWords(to);
  packet.ttl = 64;
  packet.protocol = protocol;
  const ports = "ports" in facts ? facts.ports : ([40000, 80] as const);
  packet.hasTransport = ports !== undefined;
  [packet.sourcePort, packet.destinationPort] = ports ?? [0, 0];
  packet.window = 65535;
  packet.payloadLength = payload.length;
  packet.payloadCaptured = payload.length;
  return Object.assign(packet, facts.fields);
}

export function addressWords(address: string): Int32Array {
  const { bits } = addressBits(address);
  const words = [96n, 64n, 32n, 0n].map((shift) => Number((bits >> shift) & 0xffffffffn));
  return Int32Array.from(words);
}

/** A record and its packets, outermost first. */
export interface Sent {
  readonly packets: readonly IpPacket[];
  readonly atMs?: number;
  readonly frameBytes?: number;
  readonly payload?: string;
  readonly direction?: Direction;
  readonly interfaceIndex?: number;
  readonly interfaceId?: number;
  /** Where decoding ended early. */
  readonly stop?: DecodeStop;
}

/** Feeds records to a tracker, numbered from 1, 1 ms apart unless they say when. */
export function feed(tracker: FlowTracker, records: readonly Sent[]): void {
  const record = new CaptureRecord();
  const decoded = new DecodedPacket();
  const slots = decoded.ip as IpPacket[];
  records.forEach((sent, at) => {
    const { packets, atMs = at, frameBytes = 100, payload = "" } = sent;
    record.number = at + 1;
    record.time = captureNs(Math.round(atMs * 1e6));
    record.originalLength = frameBytes;
    record.bytes = Buffer.from(payload);
    record.interfaceId = sent.interfaceId ?? 0;
    record.direction = DIRECTION.unknown;
    decoded.direction = sent.direction ?? DIRECTION.unknown;
    decoded.interfaceIndex = sent.interfaceIndex ?? 0;
    decoded.stop = sent.stop;
    decoded.depth = packets.length;
    packets.forEach((packet, depth) => void (slots[depth] = packet));
    tracker.add(record, decoded);
  });
}

export function track(records: readonly Sent[], options: FlowOptions = {}): readonly Connection[] {
  const tracker = new FlowTracker(options);
  tracker.startFile({ file: "a.pcap", point: "node1/any", baseTime: BASE });
  feed(tracker, records);
  return [...tracker.connections()];
}

/**
 * TCP segments, one a line: `> SA 1000+10 ack 500 id 7 win 0 ttl 63 opt 9 at 200`. `>` is from the
 * client; `1000+10` the sequence number and payload length; `at` the time in ms.
 */
export function segments(script: string): readonly Sent[] {
  return script
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map(segment);
}

function segment(line: string, place: number): Sent {
  const [way, flagText = "", numbers = "", ...rest] = line.split(/\s+/);
  const [seqText = "", lengthText = "0"] = numbers.split("+");
  const words = new Map<string, number>();
  for (let at = 0; at < rest.length; at += 2) words.set(rest[at] ?? "", Number(rest[at + 1]));
  const isClient = way === ">";
  const payload = "x".repeat(Math.min(Number(lengthText), 2000));
  const packet = ipPacket({
    from: isClient ? CLIENT : SERVER,
    to: isClient ? SERVER : CLIENT,
    ports: isClient ? [40000, 80] : [80, 40000],
    payload,
    fields: {
      seq: Number(seqText) >>> 0,
      ack: words.get("ack") ?? 0,
      flags: flagText.split("").reduce((flags, letter) => flags | (FLAGS[letter] ?? 0), 0),
      // Linux counts identifications up, a packet each.
      id: words.get("id") ?? 1000 + place,
      window: words.get("win") ?? 65535,
      ttl: words.get("ttl") ?? 64,
      optionsHash: words.get("opt") ?? 0,
      payloadLength: Number(lengthText),
    },
  });
  return { packets: [packet], payload, atMs: words.get("at") ?? place * 10 };
}
