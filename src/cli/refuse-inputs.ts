/** Evidence is not to be written over: what a command reads is no place for what it writes. */
import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { sep } from "node:path";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "./exit.js";
import { expandGlob, isGlob } from "./glob.js";
import { isOwnReport } from "./own-report.js";
import type { PlannedFile } from "./output-place.js";

export interface Planned {
  /** As typed behind `-o`. */
  readonly word: string;
  readonly file: PlannedFile;
  /** Words that name what is read. */
  readonly inputs: readonly string[];
}

/** @throws CannotCheck where the file is one that is read, or may be one. */
export function refuseInputs({ word, file, inputs }: Planned): void {
  if (file.mode === undefined) return;
  const said = `-o ${sanitize(word)}: `;
  for (const input of inputs.flatMap(pathsOf)) {
    const status = statSync(input, { throwIfNoEntry: false });
    if (status === undefined) continue;
    if (`${status.dev}:${status.ino}` === file.identity) {
      throw new CannotCheck(`${said}this is an input, ${sanitize(input)}; name another file`);
    }
    if (!status.isDirectory() || !isInside(file.path, input) || isReplaceable(file.path)) continue;
    throw new CannotCheck(
      `${said}it is there already, in ${sanitize(input)}, which is read; ` +
        "only a report of an earlier run is written over there\n    try       another name",
    );
  }
}

/** `FILE`, `POINT=FILE`, and what a pattern stands for. */
function pathsOf(word: string): readonly string[] {
  const at = word.indexOf("=");
  const paths = at < 0 ? [word] : [word, word.slice(at + 1)];
  return paths.filter((path) => path !== "").flatMap(matches);
}

function matches(path: string): readonly string[] {
  return isGlob(path) ? [path, ...expandGlob(path)] : [path];
}

function isInside(path: string, folder: string): boolean {
  const real = realpathSync(folder);
  return realpathSync(path).startsWith(real.endsWith(sep) ? real : `${real}${sep}`);
}

/** Or a file that is still empty. */
function isReplaceable(path: string): boolean {
  const bytes = Buffer.alloc(ENOUGH_BYTES);
  const descriptor = openSync(path, "r");
  try {
    const count = readSync(descriptor, bytes);
    return count === 0 || isOwnReport(bytes.subarray(0, count));
  } finally {
    closeSync(descriptor);
  }
}

/** Of its beginning. */
const ENOUGH_BYTES = 4096;
