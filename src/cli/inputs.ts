/** What the words behind `flows` and `verify` name: capture files, and where each was captured. */
import { realpathSync, statSync } from "node:fs";
import { groupSeries } from "#observed/capture/series.js";
import { sanitize } from "#report/sanitize.js";
import { refuseUnclear, type Naming } from "./bundle/as-option.js";
import type { Bundle } from "./bundle/bundle.js";
import { isTarHead, unpackedHead } from "./bundle/entry-head.js";
import { readHead } from "./bundle/read-head.js";
import { readBundle } from "./bundle/read-bundle.js";
import type { TemporaryFolder } from "./bundle/temporary-folder.js";
import { isPoint } from "./capture-point-name.js";
import { CannotCheck } from "./exit.js";
import { expandHome } from "./expand-home.js";
import { describeFileError } from "./file-error.js";
import { expandGlob, isGlob } from "./glob.js";
import type { Io } from "./io.js";

/** How standard input is called, on the command line and in what we write. */
export const STDIN = { argument: "-", name: "stdin" } as const;

/** Files of one capture point, a rotated series as a rule of one. */
export interface InputSeries {
  /** As the user typed it in front of a file, or as a bundle tells it; undefined without. */
  readonly point: string | undefined;
  readonly files: readonly InputPath[];
}

export interface InputPath {
  /** What every output calls it: as the user gave it; `-` is standard input. */
  readonly shown: string;
  /** Where its bytes are: of an archive's capture in a temporary folder, for nobody's eyes. */
  readonly path: string;
}

export interface Inputs {
  readonly series: readonly InputSeries[];
  /** Lines about what could not be used. Each means exit 2, none stops the others. */
  readonly failures: readonly string[];
  readonly notes: readonly string[];
  /** Directories and archives among the words. */
  readonly bundles: readonly Bundle[];
}

export interface InputRequest {
  readonly io: Pick<Io, "stdin" | "env">;
  /** Of `--as`. */
  readonly namings: readonly Naming[];
  readonly temporary: TemporaryFolder;
}

/**
 * Reads `FILE`, `POINT=FILE`, `DIRECTORY`, archives, `*.pcap` and `-`, in the order given.
 * @throws CannotCheck for an `--as` that names nothing.
 */
export async function resolveInputs(
  words: readonly string[],
  request: InputRequest,
): Promise<Inputs> {
  const inputs = new InputList(request);
  for (const word of words) await inputs.add(word);
  const { failures, notes, files, bundles } = inputs;
  refuseUnclearNames(request.namings, bundles);
  return { series: groupByPoint(files), failures, notes, bundles };
}

function refuseUnclearNames(namings: readonly Naming[], bundles: readonly Bundle[]): void {
  const [first] = namings;
  if (first && bundles.length === 0) {
    throw new CannotCheck(
      `--as ${sanitize(first.word)}: no directory and no archive is read\n` +
        "    try       POINT=FILE, which says where a file was captured",
    );
  }
  refuseUnclear(
    namings,
    bundles.flatMap(({ takings }) => takings),
  );
}

interface InputFile extends InputPath {
  readonly point: string | undefined;
}

/** Files of one point are one series, else those that tcpdump rotated; in the order given. */
function groupByPoint(files: readonly InputFile[]): InputSeries[] {
  const unnamed = files.filter(({ point }) => point === undefined).map(({ shown }) => shown);
  const groupOf = new Map(
    groupSeries(unnamed).flatMap((group) => group.map((file) => [file, group[0]] as const)),
  );
  const series = new Map<string, InputSeries>();
  for (const { point, ...file } of files) {
    const first = point === undefined ? (groupOf.get(file.shown) ?? file.shown) : undefined;
    const key = first === undefined ? `point ${point}` : `file ${first}`;
    series.set(key, { point, files: [...(series.get(key)?.files ?? []), file] });
  }
  return [...series.values()];
}

class InputList {
  readonly failures: string[] = [];
  readonly notes: string[] = [];
  readonly files: InputFile[] = [];
  readonly bundles: Bundle[] = [];
  readonly #request: InputRequest;
  readonly #seen = new Set<string>();

  constructor(request: InputRequest) {
    this.#request = request;
  }

  async add(word: string): Promise<void> {
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
    return this.#addPath({ point, path: expandHome(path, this.#request.io.env["HOME"]), word });
  }

  async #addPath({ point, path, word }: NamedPath & { readonly word: string }): Promise<void> {
    if (path === STDIN.argument) return this.#addStdin(point);
    if (path === "") return this.#fail(`${word}: no file behind the =`);
    const kind = kindOf(path);
    if (kind === "directory") return this.#addBundle("directory", { point, path });
    if (kind === "missing" && isGlob(path)) return this.#addGlob({ point, path });
    return this.#addFile({ point, path });
  }

  #addStdin(point: string | undefined): void {
    if (this.#request.io.stdin.isTTY === true) {
      const hint = "tcpdump -i any -U -w - | pcapcheck flows -";
      return this.#fail(`-: standard input is a terminal, not a capture\n    try       ${hint}`);
    }
    const { argument } = STDIN;
    return this.#push({ point, path: argument, shown: argument, identity: argument });
  }

  async #addGlob({ point, path }: NamedPath): Promise<void> {
    const matches = expandGlob(path).filter((match) => kindOf(match) !== "directory");
    if (matches.length === 0) return this.#fail(`${path}: no file matches`);
    for (const match of matches) await this.#addFile({ point, path: match });
    return undefined;
  }

  async #addBundle(kind: Kind, { point, path }: NamedPath): Promise<void> {
    const identity = realpathSync(path);
    if (!this.#isNew(path, identity)) return undefined;
    const bundle = await readBundle({ ...this.#request, path, kind });
    this.bundles.push(bundle);
    this.failures.push(...bundle.failures);
    const captures = capturesIn(bundle);
    if (captures.length === 0) return this.#fail(`${path}: no capture file in this ${kind}`);
    for (const { shown, path: file, point: told } of captures) {
      const own = kind === "directory" ? (realIdentity(file) ?? shown) : shown;
      this.#push({ point: point ?? told, path: file, shown, identity: own });
    }
    return undefined;
  }

  async #addFile({ point, path }: NamedPath): Promise<void> {
    let identity: string;
    try {
      identity = realpathSync(path);
    } catch (error) {
      return this.#fail(`${path}: ${describeFileError(error)}`);
    }
    if (await isArchive(path)) return this.#addBundle("archive", { point, path });
    return this.#push({ point, path, shown: path, identity });
  }

  #push(file: InputFile & { readonly identity: string }): void {
    const { point, path, shown, identity } = file;
    if (!this.#isNew(shown, identity)) return undefined;
    const others = this.files.filter((other) => other.point === point);
    if (point !== undefined && others.length > 0 && [path, others[0]?.path].some(comesOnce)) {
      const reason = `bytes of a pipe come once and cannot be put in order with ${point}'s others`;
      return this.#fail(`${path}: ${reason}; give it a point of its own`);
    }
    this.files.push({ point, path, shown });
    return undefined;
  }

  #isNew(shown: string, identity: string): boolean {
    if (this.#seen.has(identity)) {
      this.notes.push(`${sanitize(shown)}: given twice, read once`);
      return false;
    }
    this.#seen.add(identity);
    return true;
  }

  #fail(line: string): void {
    const [first = "", ...more] = line.split("\n");
    this.failures.push([sanitize(first), ...more].join("\n"));
  }
}

type Kind = "directory" | "archive";

interface NamedPath {
  readonly point: string | undefined;
  readonly path: string;
}

function capturesIn({ takings }: Bundle): readonly InputFile[] {
  return takings.flatMap(({ shown, content, taking }) =>
    taking.as === "capture" && content.on === "disk"
      ? [{ shown, path: content.path, point: taking.point }]
      : [],
  );
}

/** A file that cannot be read is none: reading it says why. */
async function isArchive(path: string): Promise<boolean> {
  if (kindOf(path) !== "file") return false;
  try {
    return isTarHead(await unpackedHead(readHead(path)));
  } catch {
    return false;
  }
}

function realIdentity(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** A name with `=` in it that exists is a file. */
function splitPoint(word: string): { point: string; path: string } | undefined {
  const at = word.indexOf("=");
  if (at < 0 || kindOf(word) !== "missing") return undefined;
  return { point: word.slice(0, at), path: word.slice(at + 1) };
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

function quote(text: string): string {
  return `"${sanitize(text)}"`;
}
