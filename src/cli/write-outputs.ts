/** Writes every output to its place: files first, for whoever reads standard output may go away. */
import { chmod, open, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";
import { describeFileError } from "./file-error.js";
import type { Io } from "./io.js";
import { gathered, isClosed, writeAll, type Chunks } from "./output.js";
import type { OutputPlace, PassedThrough, PlannedFile } from "./output-place.js";

export interface Output {
  readonly place: OutputPlace;
  readonly chunks: Chunks;
}

/** True when all were written; stderr has said of which they were not, and the others are there. */
export async function writeOutputs(outputs: readonly Output[], io: Io): Promise<boolean> {
  let isWhole = true;
  for (const { place, chunks } of [...outputs].sort(byPlace)) {
    try {
      await writeOutput(place, { chunks, io });
    } catch (error) {
      if (!(error instanceof CannotCheck)) throw error;
      io.stderr.write(`${error.message}\n`);
      isWhole = false;
    }
  }
  return isWhole;
}

const ORDER = ["file", "stream", "stdout"] as const satisfies readonly OutputPlace["kind"][];

function byPlace({ place: one }: Output, { place: other }: Output): number {
  return ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind);
}

interface Written {
  readonly chunks: Chunks;
  readonly io: Io;
}

function writeOutput(place: OutputPlace, { chunks, io }: Written): Promise<void> {
  switch (place.kind) {
    case "stdout":
      return writeAll(io.stdout, chunks);
    case "stream":
      return writeThrough(place, chunks);
    case "file":
      return writeWhole(place.file, chunks);
  }
}

/** Nobody ever finds half a file under its name: it is written beside it, and gets the name last. */
async function writeWhole({ path, name, mode }: PlannedFile, chunks: Chunks): Promise<void> {
  // Hidden, so that a directory that is read as captures does not show it; never one that is there.
  const part = join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}.part`);
  try {
    const file = await open(part, "wx");
    try {
      await writeFile(file, gathered(chunks));
    } finally {
      await file.close();
    }
    if (mode !== undefined) await chmod(part, mode);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw isOfSystem(error) ? notWritten(name, error) : error;
  }
}

async function writeThrough({ name, path }: PassedThrough, chunks: Chunks): Promise<void> {
  try {
    // What a shell has opened as a descriptor may hold something already.
    const file = await open(path, "a");
    try {
      await writeFile(file, gathered(chunks));
    } finally {
      await file.close();
    }
  } catch (error) {
    // Whoever read it, as `head` behind `>(…)`, has seen enough.
    if (isClosed(error)) return;
    throw isOfSystem(error) ? notWritten(name, error) : error;
  }
}

function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

function notWritten(name: string, error: Error): CannotCheck {
  return new CannotCheck(`${sanitize(name)}: ${describeFileError(error)}; it is not written`);
}
