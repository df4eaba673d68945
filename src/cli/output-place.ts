/** Where an output goes: standard output, a file that is there only when it is whole, or what has no file behind it. */
import { accessSync, constants, lstatSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describeFileError } from "./file-error.js";

export type OutputPlace =
  | { readonly kind: "stdout" }
  | { readonly kind: "file"; readonly file: PlannedFile }
  /** Written as it comes: nothing can be put in the place of a device, a pipe or a descriptor. */
  | PassedThrough;

export interface PassedThrough {
  readonly kind: "stream";
  /** As it was typed. */
  readonly name: string;
  readonly path: string;
  /** Undefined for what has a name of its own. */
  readonly descriptor: number | undefined;
}

export interface PlannedFile {
  /** As it was typed. */
  readonly name: string;
  /** Behind all links. */
  readonly path: string;
  /** Its permissions; undefined for a file that is new. */
  readonly mode: number | undefined;
  /** Equal for two names of one file. */
  readonly identity: string;
}

/** @throws Error, with a clause that says why nothing can be written there. */
export function outputPlace(name: string): OutputPlace {
  if (name === "-") return { kind: "stdout" };
  const path = behindLinks(name);
  const descriptor = descriptorOf(path);
  if (descriptor === STDOUT) return { kind: "stdout" };
  if (descriptor !== undefined) return { kind: "stream", name, path, descriptor };
  const status = statOf(path);
  if (status?.isDirectory()) throw new Error("is a directory; name a file in it");
  if (status !== undefined && !status.isFile()) return { kind: "stream", name, path, descriptor };
  const folder = dirname(path);
  if (statOf(folder)?.isDirectory() !== true) throw new Error(`there is no directory ${folder}`);
  // It is written beside its place first.
  mustTake(folder);
  if (status) mustTake(path);
  const identity = status
    ? `${status.dev}:${status.ino}`
    : join(realpathSync(folder), basename(path));
  return { kind: "file", file: { name, path, mode: status?.mode, identity } };
}

const STDOUT = 1;

/** As Linux allows. */
const MAX_LINKS = 40;

/** A link that leads nowhere yet is followed too. */
function behindLinks(name: string): string {
  let path = resolve(name);
  for (let links = 0; links < MAX_LINKS; links++) {
    if (descriptorOf(path) !== undefined || !isLink(path)) return path;
    path = resolve(dirname(path), readlinkSync(path));
  }
  throw new Error("too many links");
}

/** What `/dev/stdout`, `/dev/fd/3` and the shell's `>(…)` lead to. */
function descriptorOf(path: string): number | undefined {
  const [, digits] = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function mustTake(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new Error(`${path} cannot be written: ${describeFileError(error)}`, { cause: error });
  }
}
