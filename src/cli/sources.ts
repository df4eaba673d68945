/** Bytes of files and of standard input, for the library, which opens nothing itself. */
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import type { BlockSource, ChunkSource } from "#observed/capture/byte-source.js";
import { sanitize } from "#report/sanitize.js";
import type { CaptureFile } from "../pipeline.js";
import { describeFileError } from "./file-error.js";
import { STDIN, type InputPath } from "./inputs.js";
import type { Io } from "./io.js";

/** Who wants to know what is being read. */
export interface ReadWatch {
  readonly advance: (bytes: number) => void;
  /** A line about a file that could not be read to its end. */
  readonly failed: (line: string) => void;
}

export function captureFile({ shown, path }: InputPath, io: Io, watch: ReadWatch): CaptureFile {
  if (path === STDIN.argument) return streamFile({ name: STDIN.name, stream: io.stdin }, watch);
  const isRegular = statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
  if (isRegular) return { name: shown, open: () => new FileSource({ shown, path }, watch) };
  // A pipe, as bash's `<(…)` gives: its bytes come once.
  return streamFile({ name: shown, stream: createReadStream(path) }, watch);
}

/** Opened by the first read, so that a thousand files of a series need one descriptor. */
class FileSource implements BlockSource {
  readonly name: string;
  readonly #path: string;
  readonly #watch: ReadWatch;
  #descriptor: number | undefined;
  #bytes = 0;

  constructor({ shown, path }: InputPath, watch: ReadWatch) {
    this.name = shown;
    this.#path = path;
    this.#watch = watch;
  }

  read(target: Uint8Array, at: number): number {
    const count = this.#readSome(target, at);
    this.#bytes += count;
    this.#watch.advance(count);
    return count;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #readSome(target: Uint8Array, at: number): number {
    try {
      this.#descriptor ??= openSync(this.#path, "r");
      return readSync(this.#descriptor, target, at, target.length - at, null);
    } catch (error) {
      const where = this.#bytes === 0 ? "" : ` behind byte ${this.#bytes}`;
      this.#watch.failed(`${sanitize(this.name)}: ${describeFileError(error)}${where}`);
      return 0;
    }
  }
}

interface NamedStream {
  readonly name: string;
  readonly stream: NodeJS.ReadableStream;
}

/** Its bytes come once, so it is never one of a series. */
function streamFile({ name, stream }: NamedStream, watch: ReadWatch): CaptureFile {
  const open = (): ChunkSource => ({ name, chunks: arrivals({ name, stream }, watch) });
  return { name, open, comesOnce: true };
}

/** Never throws: what came before a fault counts. */
async function* arrivals({ name, stream }: NamedStream, watch: ReadWatch) {
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk, "latin1") : chunk;
      watch.advance(bytes.length);
      yield bytes;
    }
  } catch (error) {
    watch.failed(`${sanitize(name)}: ${describeFileError(error)}`);
  }
}
