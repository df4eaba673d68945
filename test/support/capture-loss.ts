/**
 * A recorded capture with less in it: what a full kernel buffer, `-s 96` or `-Q in` leave. The bytes
 * are rewritten, so that the whole program reads them as it would read such a file.
 */
import type { CaptureRecord, Direction } from "#observed/capture/record.js";
import { DIRECTION } from "#observed/capture/record.js";
import { readCapture } from "#observed/capture/read-capture.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import { blockSource } from "./capture-read.js";
import { numbersFrom } from "./replay-flips.js";

/** What a loss may choose records by. */
interface KnownRecord {
  readonly direction: Direction;
  /** 0 from the higher port, a client's as a rule; 1 from the lower; undefined without ports. */
  readonly side: 0 | 1 | undefined;
}

/** Bytes to keep of each record, 0 for none; undefined for all of them. */
type Kept = readonly (number | undefined)[];

/** Something that makes a capture show less. */
export interface Loss {
  readonly name: string;
  /** Undefined where it takes nothing away, or everything. */
  keep(records: readonly KnownRecord[]): Kept | undefined;
}

/** Each packet is lost with this probability. */
export function singles(seed: number, percent: number): Loss {
  return {
    name: `${percent} % dropped, seed ${seed}`,
    keep(records) {
      const next = numbersFrom(seed);
      return records.map(() => (next() * 100 < percent ? 0 : undefined));
    },
  };
}

/** A full buffer loses what comes until it has been emptied: a run of packets at once. */
export function burst(seed: number): Loss {
  return {
    name: `a burst dropped, seed ${seed}`,
    keep(records) {
      const next = numbersFrom(seed);
      const length = Math.max(1, Math.floor((0.05 + 0.45 * next()) * records.length));
      const start = Math.floor(next() * (records.length - length + 1));
      return records.map((_, at) => (at >= start && at < start + length ? 0 : undefined));
    },
  };
}

/** Begun late: the first part of the records is missing, as a share of 1. */
export const begunAfter = (part: number): Loss => ({
  name: `begun after ${part} of it`,
  keep: (records) => records.map((_, at) => (at < part * records.length ? 0 : undefined)),
});

export const snaplen = (bytes: number): Loss => ({
  name: `-s ${bytes}`,
  keep: (records) => records.map(() => bytes),
});

/** `-Q in`, `-Q out` where the file tells; `dst host` and `src host` where it does not. */
export const oneDirection = (kept: 0 | 1): Loss => ({
  name: kept === 0 ? "inbound or from clients only" : "outbound or from servers only",
  keep(records) {
    const isTold = records.some(({ direction }) => direction !== DIRECTION.unknown);
    const wanted = kept === 0 ? DIRECTION.in : DIRECTION.out;
    const isLost = ({ direction, side }: KnownRecord): boolean =>
      isTold ? direction !== wanted : side !== undefined && side !== kept;
    return records.map((record) => (isLost(record) ? 0 : undefined));
  },
});

/** There is no such capture. */
export const REMOVED: Loss = { name: "not there", keep: () => undefined };

/** The file after the loss; undefined where nothing is lost of it, or all. */
export function withLoss(bytes: Uint8Array, loss: Loss): Uint8Array | undefined {
  const kept = loss.keep(knownRecords(bytes));
  const lost = kept?.filter((length) => length === 0).length ?? 0;
  if (!kept || lost === kept.length || kept.every((length) => length === undefined)) {
    return undefined;
  }
  return isPcapng(bytes) ? rewritePcapng(bytes, kept) : rewritePcap(bytes, kept);
}

function knownRecords(bytes: Uint8Array): readonly KnownRecord[] {
  const known: KnownRecord[] = [];
  const packet = new DecodedPacket();
  readCapture(blockSource(bytes), (record: CaptureRecord) => {
    decodeRecord(record, packet);
    const { direction } = packet.direction === DIRECTION.unknown ? record : packet;
    const { sourcePort = 0, destinationPort = 0 } = packet.ip[packet.depth - 1] ?? {};
    const hasPorts = packet.depth > 0 && sourcePort !== destinationPort;
    known.push({ direction, side: hasPorts ? (sourcePort > destinationPort ? 0 : 1) : undefined });
  });
  return known;
}

const isPcapng = (bytes: Uint8Array): boolean => bytes[0] === 0x0a;
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const PCAP_HEADER = 24;
const RECORD_HEADER = 16;
const CAPTURED_LENGTH = 8;

function rewritePcap(bytes: Uint8Array, kept: Kept): Uint8Array {
  const view = viewOf(bytes);
  const parts = [bytes.subarray(0, PCAP_HEADER)];
  let number = 0;
  for (let at = PCAP_HEADER; at + RECORD_HEADER <= bytes.length;) {
    const length = view.getUint32(at + CAPTURED_LENGTH, true);
    const keep = Math.min(length, kept[number] ?? length);
    number++;
    if (keep > 0) {
      const record = bytes.slice(at, at + RECORD_HEADER + keep);
      viewOf(record).setUint32(CAPTURED_LENGTH, keep, true);
      parts.push(record);
    }
    at += RECORD_HEADER + length;
  }
  return Buffer.concat(parts);
}

const ENHANCED_PACKET = 6;
const PACKET_DATA = 28;
const PACKET_CAPTURED_LENGTH = 20;

/** Of a packet block that is cut the options go too. */
function rewritePcapng(bytes: Uint8Array, kept: Kept): Uint8Array {
  const view = viewOf(bytes);
  const parts: Uint8Array[] = [];
  let number = 0;
  for (let at = 0; at < bytes.length;) {
    const total = view.getUint32(at + 4, true);
    const block = bytes.subarray(at, at + total);
    at += total;
    if (viewOf(block).getUint32(0, true) !== ENHANCED_PACKET) {
      parts.push(block);
      continue;
    }
    const length = viewOf(block).getUint32(PACKET_CAPTURED_LENGTH, true);
    const keep = Math.min(length, kept[number] ?? length);
    number++;
    if (keep === length) parts.push(block);
    else if (keep > 0) parts.push(cutPacketBlock(block, keep));
  }
  return Buffer.concat(parts);
}

function cutPacketBlock(block: Uint8Array, keep: number): Uint8Array {
  const padded = Math.ceil(keep / 4) * 4;
  const total = PACKET_DATA + padded + 4;
  const cut = new Uint8Array(total);
  cut.set(block.subarray(0, PACKET_DATA + keep));
  const view = viewOf(cut);
  view.setUint32(4, total, true);
  view.setUint32(PACKET_CAPTURED_LENGTH, keep, true);
  view.setUint32(total - 4, total, true);
  return cut;
}
