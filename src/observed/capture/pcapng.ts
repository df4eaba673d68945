import { captureNs } from "#net/types.js";
import type { BlockBuffer } from "./block-buffer.js";
import type { CaptureTally } from "./capture-tally.js";
import { MAX_BLOCK_BYTES, MAX_INTERFACES } from "./limits.js";
import { readDropped, readInterface, type PcapngInterface } from "./pcapng-interface.js";
import { findUint32, padded } from "./pcapng-options.js";
import { DIRECTION, type Direction } from "./record.js";
import type { RecordParser } from "./record-parser.js";
import type { CaptureProblem } from "./summary.js";

// draft-ietf-opsawg-pcapng "General Block Structure": type, length, body, length again.
const TYPE = 0;
const LENGTH = 4;
const BODY = 8;
const TRAILER_BYTES = 4;
const MIN_BLOCK_BYTES = 12;

// "Section Header Block". Its type reads the same in both byte orders; the magic decides.
export const SECTION_HEADER = 0x0a0d0d0a;
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const SECTION_BYTES = 28;
const SECTION_MAGIC = 8;
const SECTION_MAJOR = 12;
const SECTION_MINOR = 14;

const INTERFACE_DESCRIPTION = 1;
const INTERFACE_BYTES = 20;

// "Enhanced Packet Block", and the obsolete "Packet Block", whose interface has 16 bits.
const ENHANCED_PACKET = 6;
const OBSOLETE_PACKET = 2;
const PACKET_INTERFACE = 8;
const TIME_HIGH = 12;
const TIME_LOW = 16;
const CAPTURED_LENGTH = 20;
const ORIGINAL_LENGTH = 24;
const PACKET_DATA = 28;
const PACKET_BYTES = 32;
const PACKET_FLAGS = 2;
/** Bits 0 and 1 of the flags: no information, inbound, outbound. */
const DIRECTIONS: readonly Direction[] = [DIRECTION.unknown, DIRECTION.in, DIRECTION.out];

// "Simple Packet Block": of the section's first interface, without a time.
const SIMPLE_PACKET = 3;
const SIMPLE_ORIGINAL_LENGTH = 8;
const SIMPLE_DATA = 12;
const SIMPLE_BYTES = 16;

const INTERFACE_STATISTICS = 5;
const STATISTICS_INTERFACE = 8;
const STATISTICS_OPTIONS = 20;
const STATISTICS_BYTES = 24;

/**
 * Blocks that say nothing about a packet: name resolution, systemd journal, decryption secrets,
 * custom blocks that may and may not be copied. Any other unknown type is passed over and reported.
 */
const PASSED_OVER: ReadonlySet<number> = new Set([4, 9, 10, 0xbad, 0x40000bad]);

/** Reads pcapng in place, from files and streams alike. */
export class PcapngParser implements RecordParser {
  readonly #tally: CaptureTally;
  /** Of this section: ids in packets count from its start. */
  #interfaces: PcapngInterface[] = [];
  #littleEndian = true;
  #hasSection = false;
  #untimed = 0;
  #unknownBlocks = 0;
  #firstUnknown = 0;
  /** What ended the file, found inside a block. */
  #fault: CaptureProblem | undefined = undefined;

  constructor(tally: CaptureTally) {
    this.#tally = tally;
    tally.format = "pcapng";
  }

  parse(block: BlockBuffer): boolean {
    this.#tally.record.bytes = block.bytes;
    const { view } = block;
    while (block.available >= MIN_BLOCK_BYTES) {
      const at = block.start;
      const type = this.#typeAt(block);
      if (this.#fault !== undefined) return this.#stop(block);
      const total = view.getUint32(at + LENGTH, this.#littleEndian);
      if (total < MIN_BLOCK_BYTES || total > MAX_BLOCK_BYTES || (total & 3) !== 0) {
        this.#fail(block, describeLength(total));
        return this.#stop(block);
      }
      if (block.available < total) return true;
      const trailer = view.getUint32(at + total - TRAILER_BYTES, this.#littleEndian);
      if (trailer === total) this.#read(block, type, total);
      else this.#fail(block, `starts with length ${total} and ends with ${trailer}`);
      if (this.#fault !== undefined) return this.#stop(block);
      block.start = at + total;
    }
    return true;
  }

  finish(block: BlockBuffer): void {
    if (block.available > 0) this.#reportCut(block, block.available);
  }

  addNotes(): void {
    if (this.#untimed > 0) {
      this.#tally.note(
        `${this.#untimed} of ${this.#tally.records} records are in simple packet blocks, which ` +
          "have no timestamp: they are given the time of the record before",
      );
    }
    if (this.#unknownBlocks > 0) {
      this.#tally.note(
        `${this.#unknownBlocks} blocks of unknown type were passed over, the first of type ` +
          `0x${this.#firstUnknown.toString(16)}`,
      );
    }
  }

  /** The type of the block, having read the byte order first if it starts a section. */
  #typeAt(block: BlockBuffer): number {
    const { view, start } = block;
    const type = view.getUint32(start + TYPE, this.#littleEndian);
    if (type === SECTION_HEADER) {
      const littleEndian = view.getUint32(start + SECTION_MAGIC, true) === BYTE_ORDER_MAGIC;
      if (!littleEndian && view.getUint32(start + SECTION_MAGIC) !== BYTE_ORDER_MAGIC) {
        const magic = view.getUint32(start + SECTION_MAGIC).toString(16);
        this.#fail(block, `starts a section with byte order magic 0x${magic}, must be 0x1a2b3c4d`);
      }
      this.#littleEndian = littleEndian;
    } else if (!this.#hasSection) {
      this.#fail(block, "is not a section header, which every pcapng file starts with");
    }
    return type;
  }

  #read(block: BlockBuffer, type: number, total: number): void {
    switch (type) {
      case ENHANCED_PACKET:
      case OBSOLETE_PACKET:
        return this.#readPacket(block, type, total);
      case SIMPLE_PACKET:
        return this.#readSimplePacket(block, total);
      case SECTION_HEADER:
        return this.#readSection(block, total);
      case INTERFACE_DESCRIPTION:
        return this.#readInterface(block, total);
      case INTERFACE_STATISTICS:
        return this.#readStatistics(block, total);
      default:
        if (!PASSED_OVER.has(type) && this.#unknownBlocks++ === 0) this.#firstUnknown = type;
    }
  }

  #readPacket(block: BlockBuffer, type: number, total: number): void {
    const { view, start: at } = block;
    const littleEndian = this.#littleEndian;
    if (total < PACKET_BYTES) return this.#failShort(block, total, PACKET_BYTES);
    // Behind the 16-bit interface of the obsolete block stands a count of drops.
    const interfaceId =
      type === ENHANCED_PACKET
        ? view.getUint32(at + PACKET_INTERFACE, littleEndian)
        : view.getUint16(at + PACKET_INTERFACE, littleEndian);
    const source = this.#interfaces[interfaceId];
    if (source === undefined) return this.#failInterface(block, interfaceId);
    const captured = view.getUint32(at + CAPTURED_LENGTH, littleEndian);
    if (captured > source.limitBytes || captured > total - PACKET_BYTES) {
      return this.#failCaptured(block, captured, Math.min(source.limitBytes, total - PACKET_BYTES));
    }
    const { record } = this.#tally;
    record.offset = at + PACKET_DATA;
    record.capturedLength = captured;
    record.originalLength = view.getUint32(at + ORIGINAL_LENGTH, littleEndian);
    record.linktype = source.linktype;
    record.interfaceId = source.id;
    record.time = source.clock.time(
      view.getUint32(at + TIME_HIGH, littleEndian),
      view.getUint32(at + TIME_LOW, littleEndian),
      this.#tally,
    );
    const start = at + PACKET_DATA + padded(captured);
    const end = at + total - TRAILER_BYTES;
    // Most packets have no options at all.
    const flags = start < end ? findUint32({ view, start, end, littleEndian }, PACKET_FLAGS) : 0;
    record.direction = DIRECTIONS[flags & 3] ?? DIRECTION.unknown;
    this.#tally.deliver();
  }

  #readSimplePacket(block: BlockBuffer, total: number): void {
    const { view, start: at } = block;
    if (total < SIMPLE_BYTES) return this.#failShort(block, total, SIMPLE_BYTES);
    const source = this.#interfaces[0];
    if (source === undefined) return this.#failInterface(block, 0);
    const original = view.getUint32(at + SIMPLE_ORIGINAL_LENGTH, this.#littleEndian);
    // The block has no captured length: the interface's snaplen or the block ends the packet.
    const snaplen = source.snaplen === 0 ? original : source.snaplen;
    const captured = Math.min(original, snaplen, total - SIMPLE_BYTES);
    if (captured > source.limitBytes) {
      return this.#failCaptured(block, captured, source.limitBytes);
    }
    const { record } = this.#tally;
    record.offset = at + SIMPLE_DATA;
    record.capturedLength = captured;
    record.originalLength = original;
    record.linktype = source.linktype;
    record.interfaceId = source.id;
    record.time = captureNs(this.#tally.previousTime);
    record.direction = DIRECTION.unknown;
    this.#untimed++;
    this.#tally.deliver();
  }

  #readSection(block: BlockBuffer, total: number): void {
    const { view, start } = block;
    if (total < SECTION_BYTES) return this.#failShort(block, total, SECTION_BYTES);
    const major = view.getUint16(start + SECTION_MAJOR, this.#littleEndian);
    const minor = view.getUint16(start + SECTION_MINOR, this.#littleEndian);
    // Minor 2 is 1.0 under another number, by the draft's own word.
    if (major !== 1 || (minor !== 0 && minor !== 2)) {
      const message =
        `the section at byte ${block.offset} has pcapng version ${major}.${minor}, only 1.0 is ` +
        `read; ${this.#tally.read}; try \`editcap -F pcapng\` to rewrite the file`;
      this.#fault = { kind: "unsupported", offset: block.offset, message };
    }
    this.#hasSection = true;
    this.#interfaces = [];
  }

  #readInterface(block: BlockBuffer, total: number): void {
    if (total < INTERFACE_BYTES) return this.#failShort(block, total, INTERFACE_BYTES);
    const id = this.#tally.interfaces.length;
    if (id === MAX_INTERFACES) return this.#fail(block, `is interface ${id + 1} of this file`);
    const { used, described } = readInterface(
      {
        view: block.view,
        start: block.start + BODY,
        end: block.start + total - TRAILER_BYTES,
        littleEndian: this.#littleEndian,
      },
      id,
    );
    this.#interfaces.push(used);
    this.#tally.interfaces.push(described);
  }

  #readStatistics(block: BlockBuffer, total: number): void {
    const { view, start: at } = block;
    if (total < STATISTICS_BYTES) return this.#failShort(block, total, STATISTICS_BYTES);
    const interfaceId = view.getUint32(at + STATISTICS_INTERFACE, this.#littleEndian);
    const id = this.#interfaces[interfaceId]?.id;
    const described = id === undefined ? undefined : this.#tally.interfaces[id];
    if (described === undefined) return this.#failInterface(block, interfaceId);
    const dropped = readDropped({
      view,
      start: at + STATISTICS_OPTIONS,
      end: at + total - TRAILER_BYTES,
      littleEndian: this.#littleEndian,
    });
    if (dropped !== undefined) described.dropped = dropped;
  }

  #failShort(block: BlockBuffer, total: number, needed: number): void {
    this.#fail(block, `has ${total} bytes, needs ${needed}`);
  }

  #failInterface(block: BlockBuffer, id: number): void {
    this.#fail(
      block,
      `is of interface ${id}, its section has described ${this.#interfaces.length}`,
    );
  }

  #failCaptured(block: BlockBuffer, captured: number, limit: number): void {
    this.#fail(block, `claims ${captured} captured bytes, the most it can have is ${limit}`);
  }

  #fail(block: BlockBuffer, what: string): void {
    const { offset } = block;
    const type = block.view.getUint32(block.start + TYPE, this.#littleEndian);
    const message =
      `the block of type 0x${type.toString(16)} at byte ${offset} ${what}: the file is damaged ` +
      `there or before; ${this.#tally.read}; copy the file again, in binary mode`;
    this.#fault = { kind: "malformed", offset, message };
  }

  #stop(block: BlockBuffer): false {
    const fault = this.#fault;
    if (fault !== undefined) this.#tally.add(fault);
    this.#fault = undefined;
    // What is left is no beginning of anything.
    block.start = block.end;
    return false;
  }

  #reportCut(block: BlockBuffer, present: number): void {
    const { view, start, offset } = block;
    const littleEndian = this.#littleEndian;
    const type = present >= BODY ? view.getUint32(start + TYPE, littleEndian) : undefined;
    const wanted = present >= MIN_BLOCK_BYTES ? view.getUint32(start + LENGTH, littleEndian) : 0;
    const isPacket = type === ENHANCED_PACKET || type === OBSOLETE_PACKET || type === SIMPLE_PACKET;
    const what = isPacket ? `record ${this.#tally.records + 1}` : `the block at byte ${offset}`;
    const early =
      wanted > present ? `${wanted - present} bytes early` : `in its first ${present} bytes`;
    const message = `${what} ends ${early}: the capture was cut while being written; ${this.#tally.read}`;
    this.#tally.cut({ offset, message });
  }
}

function describeLength(total: number): string {
  const rule = `must be a multiple of 4 from ${MIN_BLOCK_BYTES} to ${MAX_BLOCK_BYTES}`;
  return `claims a length of ${total} bytes, ${rule}`;
}
