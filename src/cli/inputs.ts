/** What the words behind `flows` and `verify` name: capture files, and where each was captured. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { groupSeries } from "#observed/capture/series.js";
import { sanitize } from "#report/sanitize.js";
import { expandHome } from "./expand-home.js";
import { expandGlob, isGlob } from "./glob.js";
import { messageOf } from "./exit.js";
import type { Io } from "./io.js";
import { looksLikeCapture } from "./sniff.js";

/** How standard input is called, on the command line and in what we write. */
export const STDIN = { argument: "-", name: "stdin" } as const;

/** Files of one capture point, a rotated series as a rule of one. */
export interface InputSeries {
  /** As the user typed it in front of a file; undefined without. */
  readonly point: string | undefined;
  /** As the user gave them; `-` is standard input. */
  readonly files: readonly string[];
}

export interface Inputs {
  readonly series: readonly InputSeries[];
  /** Lines about what could not be used. Each means exit 2, none stops the others. */
  readonly failures: readonly string[];
  readonly notes: readonly string[];
}

/** Reads `FILE`, `POINT=FILE`, `DIRECTORY`, `*.pcap` and `-`, in the order given. */
export function resolveInputs(words: readonly string[], io: Pick<Io, "stdin" | "env">): Inputs {
  const inputs = new InputList(io);
  for (const word of words) inputs.add(word);
  const { failures, notes, files } = inputs;
  return { series: groupByPoint(files), failures, notes };
}

interface InputFile {
  readonly point: string | undefined;
  readonly path: string;
}

/** Files of one point are one series, else those that tcpdump rotated; in the order given. */
function groupByPoint(files: readonly InputFile[]): InputSeries[] {
  const unnamed = files.filter(({ point }) => point === undefined).map(({ path }) => path);
  const groupOf = new Map(
    groupSeries(unnamed).flatMap((group) => group.map((path) => [path, group] as const)),
  );
  const series = new Map<string, InputSeries>();
  for (const { point, path } of files) {
    const group = point === undefined ? (groupOf.get(path) ?? [path]) : undefined;
    const key = group === undefined ? `point ${point}` : `file ${group[0]}`;
    series.set(key, { point, files: group ?? [...(series.get(key)?.files ?? []), path] });
  }
  return [...series.values()];
}

class InputList {
  readonly failures: string[] = [];
  readonly notes: string[] = [];
  readonly files: InputFile[] = [];
  readonly #io: Pick<Io, "stdin" | "env">;
  readonly #seen = new Set<string>();

  constructor(io: Pick<Io, "stdin" | "env">) {
    this.#io = io;
  }

  add(word: string): void {
    const named = splitPoint(word);
    if (named === undefined) return this.#addPath({ point: undefined, path: word, word });
    const { point, path } = named;
    if (!isPoint(point)) {
      const choices = "node1/eth0, node1/any, pod:web, pod:web@node1/eth0 or client";
      this.failures.push(
        `${sanitize(word)}: ${quote(point)} is no capture point; write ${choices}`,
      );
      return undefined;
    }
    return this.#addPath({ point, path: expandHome(path, this.#io.env["HOME"]), word });
  }

  #addPath({ point, path, word }: { point: string | undefined; path: string; word: string }): void {
    if (path === STDIN.argument) return this.#addStdin(point);
    if (path === "") return this.#fail(`${word}: no file behind the =`);
    const kind = kindOf(path);
    if (kind === "directory") return this.#addDirectory({ point, path });
    if (kind === "missing" && isGlob(path)) return this.#addGlob({ point, path });
    return this.#addFile({ point, path });
  }

  #addStdin(point: string | undefined): void {
    if (this.#io.stdin.isTTY === true) {
      const hint = "tcpdump -i any -U -w - | pcapcheck flows -";
      return this.#fail(`-: standard input is a terminal, not a capture\n    try       ${hint}`);
    }
    return this.#push({ point, path: STDIN.argument, identity: STDIN.argument });
  }

  #addGlob({ point, path }: { point: string | undefined; path: string }): void {
    const matches = expandGlob(path).filter((match) => kindOf(match) !== "directory");
    if (matches.length === 0) return this.#fail(`${path}: no file matches`);
    for (const match of matches) this.#addFile({ point, path: match });
    return undefined;
  }

  #addDirectory({ point, path }: { point: string | undefined; path: string }): void {
    let names: string[];
    try {
      names = readdirSync(path).sort();
    } catch (error) {
      return this.#fail(`${path}: ${describeFileError(error)}`);
    }
    const files = names
      .filter((name) => !name.startsWith("."))
      .map((name) => join(path, name))
      .filter((file) => kindOf(file) === "file");
    const captures = files.filter(looksLikeCapture);
    const others = files.filter((file) => !captures.includes(file));
    if (captures.length === 0) return this.#fail(`${path}: no capture file in this directory`);
    for (const file of captures) this.#addFile({ point, path: file });
    if (others.length > 0) this.notes.push(`${sanitize(path)}: skipped ${listFiles(others)}`);
    return undefined;
  }

  #addFile({ point, path }: { point: string | undefined; path: string }): void {
    let identity: string;
    try {
      identity = realpathSync(path);
    } catch (error) {
      return this.#fail(`${path}: ${describeFileError(error)}`);
    }
    return this.#push({ point, path, identity });
  }

  #push(file: { point: string | undefined; path: string; identity: string }): void {
    const { point, path, identity } = file;
    if (this.#seen.has(identity)) {
      this.notes.push(`${sanitize(path)}: given twice, read once`);
      return undefined;
    }
    this.#seen.add(identity);
    const others = this.files.filter((file) => file.point === point);
    if (point !== undefined && others.length > 0 && [path, others[0]?.path].some(comesOnce)) {
      const reason = `bytes of a pipe come once and cannot be put in order with ${point}'s others`;
      return this.#fail(`${path}: ${reason}; give it a point of its own`);
    }
    this.files.push({ point, path });
    return undefined;
  }

  #fail(line: string): void {
    const [first = "", ...more] = line.split("\n");
    this.failures.push([sanitize(first), ...more].join("\n"));
  }
}

/** A name with `=` in it that exists is a file. */
function splitPoint(word: string): { point: string; path: string } | undefined {
  const at = word.indexOf("=");
  if (at < 0 || kindOf(word) !== "missing") return undefined;
  return { point: word.slice(0, at), path: word.slice(at + 1) };
}

/** The grammar is in cluster/capture-point.ts; names are the user's own. */
function isPoint(text: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._:@/-]*$/u.test(text);
}

function comesOnce(path: string | undefined): boolean {
  return path === STDIN.argument || (path !== undefined && kindOf(path) === "other");
}

function kindOf(path: string): "file" | "directory" | "other" | "missing" {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return "directory";
    return status.isFile() ? "file" : "other";
  } catch {
    return "missing";
  }
}

/** `no such file or directory`, from `ENOENT: no such file or directory, open 'x'`. */
export function describeFileError(error: unknown): string {
  return /^[A-Z0-9]+: (.+?)(?:, \w+.*)?$/.exec(messageOf(error))?.[1] ?? messageOf(error);
}

const MAX_LISTED = 4;

function listFiles(files: readonly string[]): string {
  const names = files.slice(0, MAX_LISTED).map((file) => sanitize(basename(file)));
  const more = files.length - names.length;
  const rest = more > 0 ? ` and ${more} more` : "";
  const noun = files.length === 1 ? "1 file that is" : `${files.length} files that are`;
  return `${noun} no capture: ${names.join(", ")}${rest}`;
}

function quote(text: string): string {
  return `"${sanitize(text)}"`;
}
