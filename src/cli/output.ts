import type { Style } from "#report/style.js";
import type { Layout } from "#report/table.js";
import { CannotCheck, messageOf } from "./exit.js";
import type { OutputStream } from "./io.js";

/** Whoever read our output has gone, as `head` does: no reason to go on and none to complain. */
export class ClosedPipe extends Error {
  override readonly name = "ClosedPipe";
}

/** A text in pieces, or bytes that take time to come. */
export type Chunks = Iterable<string> | AsyncIterable<Uint8Array>;

/** Characters gathered before they are written: one call per row would cost more than the row. */
const CHUNK = 65_536;

/** Writes as fast as the other end reads, so that no more than a chunk waits in memory. */
export async function writeAll(stream: OutputStream, chunks: Chunks): Promise<void> {
  for await (const chunk of gathered(chunks)) await writeChunk(stream, chunk);
}

/** Pieces of text in fewer, longer ones. */
export function gathered(chunks: Chunks): Iterable<string> | AsyncIterable<Uint8Array> {
  return Symbol.iterator in chunks ? gatheredText(chunks) : chunks;
}

function* gatheredText(chunks: Iterable<string>): Iterable<string> {
  let pending = "";
  for (const chunk of chunks) {
    pending += chunk;
    if (pending.length < CHUNK) continue;
    yield pending;
    pending = "";
  }
  if (pending !== "") yield pending;
}

function writeChunk(stream: OutputStream, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => {
      if (error) reject(isClosed(error) ? new ClosedPipe() : cannotWrite(error));
      else resolve();
    });
  });
}

const CLOSED: ReadonlySet<unknown> = new Set([
  "EPIPE",
  "ECONNRESET",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
]);

export function isClosed(error: unknown): boolean {
  return error instanceof Error && "code" in error && CLOSED.has(error.code);
}

function cannotWrite(error: unknown): CannotCheck {
  return new CannotCheck(`standard output: ${messageOf(error)}`);
}

/** Only a terminal has a width; one that does not tell has 80 columns. */
export function layoutOf(stream: OutputStream, style: Style): Layout {
  return { width: stream.isTTY === true ? (stream.columns ?? 80) : undefined, style };
}
