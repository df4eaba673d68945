/** The header of a classic pcap file: what its magic number and its link type field say. */

import type { BlockBuffer } from "./block-buffer.js";
import type { CaptureProblem } from "./summary.js";

// draft-ietf-opsawg-pcap "File Header". Offsets in bytes, in the byte order of the magic number.
const MAJOR_VERSION = 4;
const MINOR_VERSION = 6;
const SNAPLEN = 16;
const LINKTYPE = 20;
const HEADER_BYTES = 24;

/** The link type's 16 bits. Above them are reserved bits, the length of an FCS and its flag. */
const LINKTYPE_MASK = 0xffff;

const RECORD_HEADER_BYTES = 16;

/** What one magic number stands for. */
interface PcapVariant {
  readonly magic: number;
  readonly name: "standard" | "modified" | "ixia";
  /** What the second field of a timestamp counts. */
  readonly ticksPerSecond: 1_000_000 | 1_000_000_000;
  readonly headerBytes: number;
  readonly recordHeaderBytes: number;
}

const STANDARD = {
  magic: 0xa1b2c3d4,
  name: "standard",
  ticksPerSecond: 1_000_000,
  headerBytes: HEADER_BYTES,
  recordHeaderBytes: RECORD_HEADER_BYTES,
} as const;

/** As Wireshark's wiretap/libpcap.h lists them, without those that share a magic number. */
const VARIANTS: readonly PcapVariant[] = [
  STANDARD,
  { ...STANDARD, magic: 0xa1b23c4d, ticksPerSecond: 1_000_000_000 },
  // Alexey Kuznetsov's libpcap: each record goes on with interface index, protocol and packet type.
  { ...STANDARD, magic: 0xa1b2cd34, name: "modified", recordHeaderBytes: 24 },
  // Ixia's "lcap", from hardware and software: the size of all records follows the header.
  { ...STANDARD, magic: 0x1c0001ac, name: "ixia", headerBytes: HEADER_BYTES + 4 },
  { ...STANDARD, magic: 0x1c0001ab, name: "ixia", headerBytes: HEADER_BYTES + 4 },
];

export interface PcapHeader extends PcapVariant {
  readonly littleEndian: boolean;
  readonly minorVersion: number;
  readonly snaplen: number;
  readonly linktype: number;
}

/** The variant whose magic number these four bytes are, in either byte order. */
export function pcapVariant(
  view: DataView,
  at: number,
): (PcapVariant & { readonly littleEndian: boolean }) | undefined {
  const big = view.getUint32(at);
  const little = view.getUint32(at, true);
  for (const variant of VARIANTS) {
    if (variant.magic === little) return { ...variant, littleEndian: true };
    if (variant.magic === big) return { ...variant, littleEndian: false };
  }
  return undefined;
}

/** True when the version behind a magic number is one that was ever in use. */
export function isPlausibleVersion(view: DataView, at: number): boolean {
  const variant = pcapVariant(view, at);
  if (variant === undefined) return false;
  const major = view.getUint16(at + MAJOR_VERSION, variant.littleEndian);
  const minor = view.getUint16(at + MINOR_VERSION, variant.littleEndian);
  return major === 2 && minor <= 4;
}

/** The header at the start of the block; undefined while the block holds too little of it. */
export function readPcapHeader(block: BlockBuffer): PcapHeader | CaptureProblem | undefined {
  const { view, start } = block;
  const variant = pcapVariant(view, start);
  if (variant === undefined || block.available < variant.headerBytes) return undefined;
  const { littleEndian } = variant;
  const majorVersion = view.getUint16(start + MAJOR_VERSION, littleEndian);
  const minorVersion = view.getUint16(start + MINOR_VERSION, littleEndian);
  // 2.4 is from 1998. Before 2.3 the two lengths of a record stand the other way round (libpcap
  // sf-pcap.c), and what a later version would mean nobody knows.
  if (majorVersion !== 2 || minorVersion < 3 || minorVersion > 4) {
    const message =
      `pcap version ${majorVersion}.${minorVersion} is not read, only 2.4 and 2.3: ` +
      "try `editcap -F pcap` to rewrite the file";
    return { kind: "unsupported", offset: block.offset + MAJOR_VERSION, message };
  }
  return {
    ...variant,
    minorVersion,
    snaplen: view.getUint32(start + SNAPLEN, littleEndian),
    linktype: view.getUint32(start + LINKTYPE, littleEndian) & LINKTYPE_MASK,
  };
}
