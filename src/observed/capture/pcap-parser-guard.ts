import { EventEmitter } from "node:events";
import pcapParser, { type PacketHeader, type Parser } from "pcap-parser";
import type { BlockBuffer } from "./block-buffer.js";
import type { CaptureTally } from "./capture-tally.js";
import type { PcapHeader } from "./pcap-header.js";
import { PcapRecords } from "./pcap-records.js";
import type { RecordParser } from "./record-parser.js";

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const MICROSECOND_MAGIC = 0xa1b2c3d4;

/**
 * True when pcap-parser can read the file: it knows a record header of 16 bytes only, so Kuznetsov's
 * and Ixia's variants take our own parser, and so does version 2.3 with its lengths in either order.
 */
export function canUsePcapParser({ name, minorVersion }: PcapHeader): boolean {
  return name === "standard" && minorVersion === 4;
}

/**
 * Classic pcap through the npm package pcap-parser. By itself the package buffers whatever length a
 * record claims, copying all of it again for each chunk, ends a cut file without a word, lets errors
 * escape as uncaught exceptions, and knows neither nanoseconds nor backpressure. So:
 *
 * - it gets no stream, but an emitter that we push blocks through: what a listener throws comes back
 *   to us, and a source is asked for more only when a block is done;
 * - the header was read before (`pcap-header.ts`), and the nanosecond magic is rewritten to the one
 *   it knows;
 * - a claimed length is checked when the record's header is read, before its body is waited for;
 * - bytes are counted, so that a cut tail is known with its record;
 * - what it has not used yet stays in our block and is fed again, together with what came since.
 *   Its own joining of chunks calls the deprecated `new Buffer`.
 */
export class PcapParserGuard implements RecordParser {
  readonly #records: PcapRecords;
  readonly #source = new PushSource();
  readonly #parser: Parser;
  #block: BlockBuffer | undefined = undefined;
  /** Where the record being read starts in the file. */
  #recordOffset: number;
  /** The header of a record whose body has not come yet. */
  #pending: PacketHeader | undefined = undefined;

  /** The block starts with the file header, which pcap-parser wants to see. */
  constructor(tally: CaptureTally, header: PcapHeader, block: BlockBuffer) {
    this.#records = new PcapRecords(tally, header);
    this.#recordOffset = block.offset + FILE_HEADER_BYTES;
    block.view.setUint32(block.start, MICROSECOND_MAGIC, header.littleEndian);
    this.#parser = pcapParser.parse(this.#source);
    this.#parser.on("packetHeader", (packetHeader) => this.#bound(packetHeader));
    this.#parser.on("packet", ({ header: packetHeader, data }) => {
      this.#deliver(packetHeader, data);
    });
  }

  parse(block: BlockBuffer): boolean {
    // Nothing it could do with less; a body that comes byte by byte is not looked at each time.
    const wanted = this.#pending?.capturedLength ?? RECORD_HEADER_BYTES;
    if (block.available < wanted) return true;
    const fed = Buffer.from(block.bytes.buffer, block.start, block.available);
    this.#block = block;
    this.#parser.buffer = null;
    try {
      this.#source.emit("data", fed);
    } catch (error) {
      if (!(error instanceof UnbelievableLength)) throw error;
      this.#records.stopAtLength({ bytes: error.claimedBytes, offset: this.#recordOffset });
      return false;
    }
    block.start = block.end - unusedBytes(this.#parser);
    return true;
  }

  addNotes(): void {
    this.#records.addNotes();
  }

  finish(block: BlockBuffer): void {
    const offset = this.#recordOffset;
    const presentBytes = block.offset + block.available - offset;
    const body = this.#pending?.capturedLength;
    const wantedBytes = RECORD_HEADER_BYTES + (body ?? 0);
    const part = body === undefined ? "header" : "record";
    this.#records.finish({ offset, presentBytes, wantedBytes, part });
  }

  #bound(header: PacketHeader): void {
    if (header.capturedLength > this.#records.limitBytes) {
      throw new UnbelievableLength(header.capturedLength);
    }
    this.#pending = header;
  }

  #deliver(header: PacketHeader, data: Buffer): void {
    const { tally } = this.#records;
    const { record } = tally;
    this.#pending = undefined;
    this.#recordOffset += RECORD_HEADER_BYTES + header.capturedLength;
    // The data is a view on our block: give the block itself, as our own parser does.
    record.bytes = this.#block?.bytes ?? data;
    record.offset = data.byteOffset - record.bytes.byteOffset;
    record.capturedLength = header.capturedLength;
    record.originalLength = header.originalLength;
    record.time = this.#records.time(header.timestampSeconds, header.timestampMicroseconds);
    tally.deliver();
  }
}

/** What pcap-parser was fed and has not used: the beginning of a record, for the next time. */
function unusedBytes({ buffer }: Parser): number {
  return buffer === null ? 0 : buffer.length;
}

/** Stands where pcap-parser expects a stream. */
class PushSource extends EventEmitter {
  pause(): void {}
  resume(): void {}
}

/** Carries a claimed length out of pcap-parser, which has no other way to be stopped. */
class UnbelievableLength extends Error {
  readonly claimedBytes: number;

  constructor(claimedBytes: number) {
    super(`a record claims ${claimedBytes} bytes`);
    this.claimedBytes = claimedBytes;
  }
}
