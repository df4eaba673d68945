/** What an archive holds: what is wanted of it, in memory or in the temporary folder. */
import { counted } from "#net/counted.js";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { sanitize } from "#report/sanitize.js";
import type { BundleBudget } from "./bundle-budget.js";
import { HEAD_BYTES, type BundleEntry, type EntryContent, type Findings } from "./bundle-entry.js";
import type { FoundEntry, RefusedEntry } from "./bundle-entry.js";
import { briefHead, unzippedHead } from "./entry-head.js";
import { describeFileError } from "../file-error.js";
import { entryPath } from "./entry-path.js";
import { LimitReached } from "./limit-reached.js";
import type { TemporaryFolder } from "./temporary-folder.js";
import { unpackTar, type EntrySink, type TarHeader } from "./unpack-tar.js";

export interface ArchiveRequest {
  /** Where its bytes are. */
  readonly path: string;
  /** What outputs call it. */
  readonly shown: string;
  /** Its path in the bundle; empty when it is the bundle. */
  readonly within: string;
  readonly budget: BundleBudget;
  readonly temporary: TemporaryFolder;
  /** Where an entry's bytes belong; asked once its head is there. */
  readonly place: (entry: BundleEntry) => EntryContent["on"];
}

export async function readArchive(request: ArchiveRequest): Promise<Findings> {
  const reading = new ArchiveReading(request);
  const failures: string[] = [];
  const say = (what: string): void => void failures.push(`${sanitize(request.shown)}: ${what}`);
  try {
    const fault = await unpackTar(request.path, {
      entry: (header) => reading.take(header),
      unpacked: (bytes) => request.budget.unpack(bytes),
    });
    if (fault?.isDamaged) reading.distrust();
    if (fault) say(`${fault.what}; ${counted(reading.count, "file")} read`);
  } catch (error) {
    say(describeEnd(error));
  } finally {
    reading.close();
  }
  return { ...reading.findings(), failures };
}

/** A limit, or a disk that is full; anything else is a fault of ours. */
function describeEnd(error: unknown): string {
  if (error instanceof LimitReached) return error.message;
  if (!(error instanceof Error && "code" in error)) throw error;
  const hint =
    "    try       TMPDIR=DIR with a folder that has room, or unpack it and give the directory";
  return `cannot be unpacked: ${describeFileError(error)}\n${hint}`;
}

class ArchiveReading {
  readonly #request: ArchiveRequest;
  /** By path: of a name that comes twice the last counts, as when tar unpacks it. */
  readonly #found = new Map<string, FoundEntry>();
  readonly #refused: RefusedEntry[] = [];
  #open: EntryStore | undefined;

  constructor(request: ArchiveRequest) {
    this.#request = request;
  }

  get count(): number {
    return this.#found.size + this.#refused.length;
  }

  take(header: TarHeader): EntrySink | undefined {
    const { budget, shown, within } = this.#request;
    budget.count();
    if (header.type === "Directory") return undefined;
    const read = entryPath(header.path, budget.limits);
    const why = "refused" in read ? read.refused : whyNot(header);
    const inside = "path" in read ? read.path : header.path.slice(0, budget.limits.pathCharacters);
    const names = {
      shown: `${shown}/${inside}`,
      path: within === "" ? inside : `${within}/${inside}`,
    };
    if (why !== undefined || inside === "") {
      this.#refused.push({ ...names, why: why ?? "it has no name" });
      return undefined;
    }
    if (isHidden(inside)) return undefined;
    const store = new EntryStore({ ...names, sizeBytes: header.sizeBytes }, this.#request);
    this.#open = store;
    return {
      data: (bytes) => store.add(bytes),
      end: () => this.#keep(store.finish(), store.isCut),
    };
  }

  close(): void {
    this.#open?.abandon();
  }

  /** A capture tells where it is damaged; a text with other bytes in it is as good as any. */
  distrust(): void {
    for (const { shown, path, content } of this.#found.values()) {
      if (content.on !== "memory") continue;
      this.#found.delete(path);
      this.#refused.push({ shown, path, why: "its archive is damaged, which no text would show" });
    }
  }

  findings(): Omit<Findings, "failures"> {
    return { entries: [...this.#found.values()], refused: this.#refused };
  }

  #keep(entry: FoundEntry, isCut: boolean): void {
    this.#open = undefined;
    // Half of a capture is evidence. Half of a node's rules would accuse it.
    if (isCut && entry.content.on === "memory") {
      const why = "the archive ends in the middle of it";
      this.#refused.push({ shown: entry.shown, path: entry.path, why });
      return;
    }
    const earlier = this.#found.get(entry.path);
    if (earlier) {
      if (earlier.content.on === "disk") rmSync(earlier.content.path, { force: true });
      const why = "another entry of this name follows, which counts";
      this.#refused.push({ shown: earlier.shown, path: earlier.path, why });
    }
    this.#found.set(entry.path, entry);
  }
}

/** `.git/config` and what macOS writes, `._node1.eth0.pcap`: as in a directory, nobody's evidence. */
export function isHidden(path: string): boolean {
  return path.split("/").some((part) => part.startsWith("."));
}

const FILES: ReadonlySet<string> = new Set(["File", "OldFile", "ContiguousFile"]);

/** Nothing is followed: what a link leads to is either in the archive or not ours to read. */
function whyNot({ type, linkPath, path }: TarHeader): string | undefined {
  if (type === "Link") return `a hard link to ${linkPath ?? "nothing"}, not followed`;
  if (type === "SymbolicLink") return `a link to ${linkPath ?? "nothing"}, not followed`;
  if (type === "SparseFile" || /(^|\/)GNUSparseFile\.\d+\//.test(path)) {
    return "a sparse file, which tar without --sparse would have stored whole";
  }
  return FILES.has(type) ? undefined : `no file but a ${type}`;
}

type EntryNames = Omit<BundleEntry, "head">;

/** One entry's bytes as they come: the head first, which decides where the others go. */
class EntryStore {
  readonly #names: EntryNames;
  readonly #request: ArchiveRequest;
  #head: Buffer = Buffer.alloc(0);
  #on: EntryContent["on"] | undefined;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #file: { readonly path: string; readonly descriptor: number } | undefined;

  constructor(names: EntryNames, request: ArchiveRequest) {
    this.#names = names;
    this.#request = request;
  }

  get isCut(): boolean {
    return this.#bytes < this.#names.sizeBytes;
  }

  add(bytes: Uint8Array): void {
    if (this.#on !== undefined) return this.#store(bytes);
    this.#head = Buffer.concat([this.#head, bytes]);
    if (this.#head.length >= HEAD_BYTES) this.#decide();
    return undefined;
  }

  finish(): FoundEntry {
    if (this.#on === undefined) this.#decide();
    const { file } = this.#closed();
    const content = this.#content(file);
    const head = unzippedHead(this.#head);
    return { ...this.#names, head: content.on === "nowhere" ? briefHead(head) : head, content };
  }

  /** Its archive could not be read on. */
  abandon(): void {
    const { file } = this.#closed();
    if (file !== undefined) rmSync(file, { force: true });
  }

  #decide(): void {
    const all = this.#head;
    this.#head = Buffer.from(all.subarray(0, HEAD_BYTES));
    this.#on = this.#request.place({ ...this.#names, head: unzippedHead(this.#head) });
    this.#store(all);
  }

  #store(bytes: Uint8Array): void {
    const { budget, temporary } = this.#request;
    this.#bytes += bytes.length;
    if (this.#on === "disk") {
      budget.write(bytes.length);
      this.#file ??= createFile(temporary.next());
      writeWhole(this.#file.descriptor, bytes);
    } else if (this.#on === "memory") {
      budget.hold(bytes.length);
      // The block that it is part of is let go.
      this.#pieces.push(Buffer.from(bytes));
    }
  }

  #closed(): { readonly file: string | undefined } {
    const file = this.#file;
    if (file) closeSync(file.descriptor);
    this.#file = undefined;
    return { file: file?.path };
  }

  #content(file: string | undefined): EntryContent {
    if (file !== undefined) return { on: "disk", path: file };
    if (this.#on === "memory") return { on: "memory", bytes: Buffer.concat(this.#pieces) };
    return { on: "nowhere" };
  }
}

function createFile(path: string): { readonly path: string; readonly descriptor: number } {
  // `x`: in a folder of our own nothing has that name; if something has, it is not ours.
  return { path, descriptor: openSync(path, "wx", 0o600) };
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    at += writeSync(descriptor, bytes, at, bytes.length - at);
  }
}
