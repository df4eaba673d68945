import { BlockBuffer } from "./block-buffer.js";
import { CaptureTally } from "./capture-tally.js";
import { LineEndWatch } from "./line-ends.js";
import { pcapVariant, readPcapHeader, type PcapHeader } from "./pcap-header.js";
import { PcapParser } from "./pcap.js";
import type * as PcapParserGuards from "./pcap-parser-guard.js";
import { PcapngParser } from "./pcapng.js";
import type { RecordSink } from "./record.js";
import type { RecordParser } from "./record-parser.js";
import { StartFinder, type Compression } from "./sniff.js";
import type { CaptureProblem, CaptureSummary } from "./summary.js";

export interface CaptureReaderOptions {
  /** What the summary calls the file. */
  readonly name: string;
  readonly sink: RecordSink;
  /** What reads classic pcap from a stream, where it can; files are left to our own parser. */
  readonly streamParser?: typeof PcapParserGuards;
  readonly compression?: Compression | undefined;
  readonly block?: BlockBuffer;
  /** Stop reading once this many records were delivered; the block's others come with them. */
  readonly enoughRecords?: number;
}

/** How a compressed stream ended, if not properly. */
export interface StreamFault {
  readonly kind: "truncated" | "malformed" | "unsupported" | "note";
  readonly message: string;
}

/**
 * One file on its way from bytes to records. The caller fills `block`, from wherever the bytes come,
 * and calls `read` until it says no or the bytes end, and then `finish`.
 */
export class CaptureReader {
  readonly block: BlockBuffer;
  readonly #options: CaptureReaderOptions;
  readonly #tally: CaptureTally;
  readonly #start = new StartFinder();
  readonly #lineEnds = new LineEndWatch();
  #parser: RecordParser | undefined = undefined;
  #stopped = false;
  readonly #enough: number;

  constructor(options: CaptureReaderOptions) {
    this.#options = options;
    this.#enough = options.enoughRecords ?? Number.POSITIVE_INFINITY;
    this.block = options.block ?? new BlockBuffer();
    this.#tally = new CaptureTally(options.sink);
  }

  /** Reads what the block holds; `fresh` bytes of it are new. False when no more bytes are wanted. */
  read(fresh: number): boolean {
    const { block } = this;
    this.#lineEnds.look(block.bytes, block.end - fresh, block.end);
    if (this.#parser === undefined && !this.#stopped) this.#open({ ended: false });
    if (this.#parser !== undefined && !this.#stopped) this.#stopped = !this.#parser.parse(block);
    return !this.#stopped && this.#tally.records < this.#enough;
  }

  /** The bytes have come to an end, or to a fault of the stream that brought them. */
  finish(fault?: StreamFault): CaptureSummary {
    const tally = this.#tally;
    const { block } = this;
    const { offset } = block;
    if (!this.#stopped) this.#finishParser(fault);
    if (fault !== undefined) {
      tally.truncated ||= fault.kind === "truncated";
      tally.add({ kind: fault.kind, offset, message: `${fault.message}; ${tally.read}` });
    }
    const cause = this.#lineEnds.explanation;
    if (cause !== undefined) tally.explainBreak(cause);
    this.#parser?.addNotes();
    const { name: file, compression } = this.#options;
    return tally.summary({ file, compression });
  }

  #finishParser(fault: StreamFault | undefined): void {
    this.#tally.isCutExplained = fault !== undefined && fault.kind !== "note";
    if (this.#parser === undefined && !this.#tally.isCutExplained) this.#open({ ended: true });
    this.#parser?.finish(this.block);
  }

  #open(has: { readonly ended: boolean }): void {
    const { block } = this;
    if (has.ended && block.available === 0) {
      const message =
        "0 bytes: nothing was written; check that the capture ran, that it was allowed to " +
        "write, and that the disk was not full";
      return this.#giveUp({ kind: "empty", offset: 0, message });
    }
    const found = this.#start.look(block, has);
    if (found.kind === "more") return;
    if (found.kind === "other") {
      const message = `not a capture but ${found.what}`;
      return this.#giveUp({ kind: "unsupported", offset: block.offset, message });
    }
    this.#skipText(found.textBytes);
    if (found.format === "pcapng") this.#parser = new PcapngParser(this.#tally);
    else this.#openPcap(has);
  }

  #skipText(textBytes: number): void {
    if (textBytes === 0) return;
    const message = `${textBytes} bytes of text before the capture header: kubectl's or a shell's output; skipped`;
    this.#tally.add({ kind: "note", offset: this.block.offset, message });
    this.block.start += textBytes;
  }

  #openPcap(has: { readonly ended: boolean }): void {
    const { block } = this;
    const header = readPcapHeader(block);
    if (header === undefined) {
      if (has.ended) this.#giveUpInHeader();
    } else if ("message" in header) {
      this.#tally.format = "pcap";
      this.#giveUp(header);
    } else {
      this.#parser = this.#classicParser(header);
    }
  }

  #classicParser(header: PcapHeader): RecordParser {
    const { streamParser } = this.#options;
    if (streamParser?.canUsePcapParser(header) === true) {
      return new streamParser.PcapParserGuard(this.#tally, header, this.block);
    }
    this.block.start += header.headerBytes;
    return new PcapParser(this.#tally, header);
  }

  #giveUpInHeader(): void {
    const { block } = this;
    const wanted = pcapVariant(block.view, block.start)?.headerBytes ?? 0;
    const message =
      `the file header ends ${wanted - block.available} bytes early: the capture was cut while ` +
      `being written; ${this.#tally.read}`;
    this.#tally.format = "pcap";
    this.#tally.cut({ offset: block.offset, message });
    this.#stopped = true;
  }

  #giveUp(problem: CaptureProblem): void {
    this.#tally.add(problem);
    this.#stopped = true;
  }
}
