/** Blocks of a pcapng file as we write one: little-endian, one section, times in nanoseconds. */
import type { Direction } from "./record.js";

// draft-ietf-opsawg-pcapng "General Block Structure", then each block's own section.
const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const NAME_RESOLUTION = 4;
const ENHANCED_PACKET = 6;
const BLOCK_FRAME_BYTES = 12;

// "Options". A value has 16 bits for its length.
const END_OF_OPTIONS = 0;
const COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;
const EPB_FLAGS = 2;
const MAX_OPTION_BYTES = 0xffff;

const NANOSECONDS = 9;

// "Name Resolution Block": records.
const NRB_END = 0;
const NRB_IPV4 = 1;
const NRB_IPV6 = 2;

export interface DescribedInterface {
  readonly name: string;
  readonly description: string;
  /** A `LINKTYPE_` value. */
  readonly linktype: number;
  /** Bytes kept of each packet; 0 means no limit. */
  readonly snaplen: number;
}

export interface NamedAddress {
  /** 4 or 16, in network byte order. */
  readonly bytes: Uint8Array;
  readonly names: readonly string[];
}

export interface WrittenPacket {
  /** From 0, in the order in which interfaces were described. */
  readonly interfaceId: number;
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  readonly time: bigint;
  readonly bytes: Uint8Array;
  /** On the wire, in bytes. */
  readonly originalLength: number;
  readonly direction: Direction;
  readonly comments: readonly string[];
}

type Option = readonly [code: number, value: Uint8Array];

export function sectionHeader(comments: readonly string[]): Uint8Array {
  const fixed = new Uint8Array(16);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, 0, true);
  // The section's length is not said: -1.
  view.setBigInt64(8, -1n, true);
  const options = [...comments.map(comment), text(SHB_USERAPPL, "pcapcheck")];
  return block(SECTION_HEADER, [fixed, ...optionParts(options)]);
}

export function interfaceDescription(described: DescribedInterface): Uint8Array {
  const fixed = new Uint8Array(8);
  const view = new DataView(fixed.buffer);
  view.setUint16(0, described.linktype, true);
  view.setUint32(4, described.snaplen, true);
  const options = [
    text(IF_NAME, described.name),
    text(IF_DESCRIPTION, described.description),
    [IF_TSRESOL, Uint8Array.of(NANOSECONDS)] as const,
  ];
  return block(INTERFACE_DESCRIPTION, [fixed, ...optionParts(options)]);
}

export function nameResolution(addresses: readonly NamedAddress[]): Uint8Array {
  const records = addresses.flatMap(({ bytes, names }) => {
    const terminated = names.map((name) => `${name.replaceAll("\0", "")}\0`).join("");
    const value = joined([bytes, encoded(terminated)]).subarray(0, MAX_OPTION_BYTES);
    return typed(bytes.length === 4 ? NRB_IPV4 : NRB_IPV6, value);
  });
  return block(NAME_RESOLUTION, [...records, ...typed(NRB_END, new Uint8Array(0))]);
}

export function enhancedPacket(packet: WrittenPacket): Uint8Array {
  const { bytes, direction } = packet;
  const fixed = new Uint8Array(20);
  const view = new DataView(fixed.buffer);
  const time = BigInt.asUintN(64, packet.time);
  view.setUint32(0, packet.interfaceId, true);
  view.setUint32(4, Number(time >> 32n), true);
  view.setUint32(8, Number(time & 0xffff_ffffn), true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, packet.originalLength, true);
  const flags: Option = [EPB_FLAGS, Uint8Array.of(direction, 0, 0, 0)];
  const options = [...packet.comments.map(comment), ...(direction === 0 ? [] : [flags])];
  return block(ENHANCED_PACKET, [fixed, ...padded(bytes), ...optionParts(options)]);
}

function comment(value: string): Option {
  return text(COMMENT, value);
}

function text(code: number, value: string): Option {
  return [code, encoded(value)];
}

/** As UTF-8, cut between characters where an option cannot hold all of it. */
function encoded(value: string): Uint8Array {
  const bytes = new Uint8Array(Math.min(3 * value.length, MAX_OPTION_BYTES));
  const { written } = new TextEncoder().encodeInto(value, bytes);
  return bytes.subarray(0, written);
}

function optionParts(options: readonly Option[]): readonly Uint8Array[] {
  const parts = options.flatMap(([code, value]) => typed(code, value));
  return parts.length === 0 ? [] : [...parts, ...typed(END_OF_OPTIONS, new Uint8Array(0))];
}

/** A type, a length and a value, padded: options and records of names alike. */
function typed(code: number, value: Uint8Array): readonly Uint8Array[] {
  const head = new Uint8Array(4);
  const view = new DataView(head.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  return [head, ...padded(value)];
}

function padded(value: Uint8Array): readonly Uint8Array[] {
  return [value, new Uint8Array(-value.length & 3)];
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const total = parts.reduce((sum, { length }) => sum + length, BLOCK_FRAME_BYTES);
  const head = new Uint8Array(8);
  const tail = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, type, true);
  new DataView(head.buffer).setUint32(4, total, true);
  new DataView(tail.buffer).setUint32(0, total, true);
  return joined([head, ...parts, tail]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
