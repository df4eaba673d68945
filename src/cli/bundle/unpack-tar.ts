/** The entries of a tar archive, compressed or not, one after the other. */
import { counted } from "#net/counted.js";
import { closeSync, openSync, readSync } from "node:fs";
import type { Parser, ReadEntry } from "tar";
import { ByteReader } from "#observed/capture/byte-reader.js";
import type { StreamFault } from "#observed/capture/capture-reader.js";
import { sniffCompression } from "#observed/capture/sniff.js";
import { messageOf } from "../exit.js";
import { describeFileError } from "../file-error.js";

/** Takes what an archive holds. What its functions throw ends the reading and is thrown on. */
export interface TarSink {
  /** Undefined where nobody wants its bytes. */
  readonly entry: (header: TarHeader) => EntrySink | undefined;
  /** Bytes after unpacking, headers and padding too. */
  readonly unpacked: (bytes: number) => void;
}

export interface TarHeader {
  /** As the archive has it. */
  readonly path: string;
  /** As node-tar calls it: `File`, `SymbolicLink`, `Directory`. */
  readonly type: string;
  readonly linkPath: string | undefined;
  readonly sizeBytes: number;
}

export interface EntrySink {
  readonly data: (bytes: Uint8Array) => void;
  readonly end: () => void;
}

const BLOCK_BYTES = 65_536;
/** Headers and files are in such (POSIX.1-2017, pax, ustar interchange format). */
const TAR_BLOCK_BYTES = 512;

/** Why an archive could not be read to its end. */
export interface TarFault {
  /** To stand behind the archive's name. */
  readonly what: string;
  /** What was read may not be what was stored; of an archive that was cut, it is. */
  readonly isDamaged: boolean;
}

/** Nothing is ever written by a name that the archive gives. */
export async function unpackTar(path: string, sink: TarSink): Promise<TarFault | undefined> {
  // Loaded when it is needed.
  const { Parser } = await import("tar");
  const tar = new TarReading(new Parser(), sink);
  let fault: TarFault | undefined;
  try {
    fault = await feed(path, (bytes) => tar.write(bytes));
  } catch (error) {
    fault = { what: describeFileError(error), isDamaged: false };
  }
  tar.end();
  return fault ?? tar.fault();
}

/** Feeds node-tar's parser, which tells of entries while it is written to. */
class TarReading {
  readonly #parser: Parser;
  readonly #sink: TarSink;
  #thrown: { readonly error: unknown } | undefined;
  #hasEnded = false;
  #isCut = false;
  #bytes = 0;
  #damagedHeaders = 0;
  #other: string | undefined;

  constructor(parser: Parser, sink: TarSink) {
    this.#parser = parser;
    this.#sink = sink;
    parser.on("entry", (entry: ReadEntry) => this.#guarded(() => this.#take(entry)));
    parser.on("ignoredEntry", (entry: ReadEntry) =>
      this.#guarded(() => this.#sink.entry(headerOf(entry))),
    );
    parser.on("eof", () => (this.#hasEnded = true));
    parser.on("warn", (code: string, message: unknown) => this.#warned(code, messageOf(message)));
    parser.on("error", (error: unknown) => (this.#other ??= messageOf(error)));
  }

  write(bytes: Uint8Array): void {
    this.#guarded(() => this.#sink.unpacked(bytes.length));
    this.#bytes += bytes.length;
    // What follows the end is padding; the parser would collect it.
    if (!this.#hasEnded && this.#thrown === undefined) {
      try {
        this.#parser.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      } catch (error) {
        this.#other ??= messageOf(error);
        this.#hasEnded = true;
      }
    }
    if (this.#thrown) throw this.#thrown.error;
  }

  end(): void {
    try {
      this.#parser.end();
    } catch (error) {
      this.#other ??= messageOf(error);
    }
    if (this.#thrown) throw this.#thrown.error;
  }

  fault(): TarFault | undefined {
    const damage = this.#damage();
    if (damage !== undefined) {
      return { what: `the archive is damaged: ${damage}; copy it again`, isDamaged: true };
    }
    // In the middle of a header, which node-tar passes over.
    const isOdd = !this.#hasEnded && this.#bytes % TAR_BLOCK_BYTES !== 0;
    if (!this.#isCut && !isOdd) return undefined;
    const what = "the archive ends early: it was cut while being written or copied";
    return { what, isDamaged: false };
  }

  #damage(): string | undefined {
    if (this.#damagedHeaders === 0) return this.#other;
    return `${counted(this.#damagedHeaders, "block")} where an entry's header must be`;
  }

  #take(entry: ReadEntry): void {
    const sink = this.#sink.entry(headerOf(entry));
    if (!sink) {
      entry.resume();
      return;
    }
    entry.on("data", (bytes: Uint8Array) => this.#guarded(() => sink.data(bytes)));
    entry.on("end", () => this.#guarded(() => sink.end()));
  }

  /** What is thrown into the parser would leave it in the middle of an entry. */
  #guarded(step: () => void): void {
    if (this.#thrown) return;
    try {
      step();
    } catch (error) {
      this.#thrown = { error };
    }
  }

  #warned(code: string, message: string): void {
    if (message.startsWith("Truncated")) this.#isCut = true;
    else if (code === "TAR_ENTRY_INVALID") this.#damagedHeaders++;
    else if (code !== "TAR_ENTRY_INFO") this.#other ??= message;
  }
}

function headerOf(entry: ReadEntry): TarHeader {
  return {
    path: entry.path,
    type: entry.type,
    linkPath: entry.linkpath,
    sizeBytes: entry.size,
  };
}

/** The file's bytes, unpacked; returns how that ended, if not properly. */
async function feed(
  path: string,
  take: (bytes: Uint8Array) => void,
): Promise<TarFault | undefined> {
  const compressed = new ByteReader(blocksOf(path));
  try {
    const compression = sniffCompression(await compressed.peek(4));
    if (compression === undefined) {
      for await (const bytes of compressed.remaining()) take(bytes);
      return undefined;
    }
    const unpack = await DECOMPRESSORS[compression]();
    const pieces = unpack(compressed);
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return value && faultOf(value);
      take(value);
    }
  } finally {
    await compressed.close();
  }
}

function faultOf({ kind, message }: StreamFault): TarFault | undefined {
  return kind === "note" ? undefined : { what: message, isDamaged: kind !== "truncated" };
}

const DECOMPRESSORS = {
  gzip: async () => (await import("#observed/capture/gunzip.js")).gunzip,
  zstd: async () => (await import("#observed/capture/unzstd.js")).unzstd,
} as const;

async function* blocksOf(path: string): AsyncGenerator<Uint8Array, void> {
  const file = openSync(path, "r");
  try {
    for (;;) {
      const block = new Uint8Array(BLOCK_BYTES);
      const count = readSync(file, block, 0, BLOCK_BYTES, null);
      if (count === 0) return;
      yield block.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}
