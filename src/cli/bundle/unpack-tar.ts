/** The entries of a tar archive, compressed or not, one after the other. */
import { closeSync, openSync, readSync } from "node:fs";
import type { Parser, ReadEntry } from "tar";
import { ByteReader } from "#observed/capture/byte-reader.js";
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

/**
 * Why it could not be read to its end, to stand behind the archive's name; undefined when it could.
 * Nothing is ever written by a name that the archive gives.
 */
export async function unpackTar(path: string, sink: TarSink): Promise<string | undefined> {
  // Loaded when it is needed.
  const { Parser } = await import("tar");
  const tar = new TarReading(new Parser(), sink);
  let fault: string | undefined;
  try {
    fault = await feed(path, (bytes) => tar.write(bytes));
  } catch (error) {
    fault = describeFileError(error);
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

  fault(): string | undefined {
    if (this.#isCut) return "the archive ends early: it was cut while being written or copied";
    if (this.#damagedHeaders > 0) {
      return `the archive is damaged: ${this.#damagedHeaders} blocks that are no header of an entry`;
    }
    return this.#other === undefined ? undefined : `the archive is damaged: ${this.#other}`;
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
async function feed(path: string, take: (bytes: Uint8Array) => void): Promise<string | undefined> {
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
      if (done === true) return value?.kind === "note" ? undefined : value?.message;
      take(value);
    }
  } finally {
    await compressed.close();
  }
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
