/** `--as NAME=WHAT`: what an entry of a bundle is, where its name and bytes tell something else. */
import { sanitize } from "#report/sanitize.js";
import { isPoint } from "../capture-point-name.js";
import { closest } from "#net/closest.js";
import { CannotCheck } from "../exit.js";
import type { BundleEntry, FoundEntry } from "./bundle-entry.js";
import { isCaptureHead, isStillPacked } from "./entry-head.js";
import { STATE_KINDS } from "./state-kind.js";
import { readStateName } from "./state-name.js";
import type { Taking } from "./taking.js";

export interface Naming {
  /** Of the entry: its path in the bundle, with the bundle's name or not, or the end of it. */
  readonly name: string;
  readonly what: string;
  /** As it was typed. */
  readonly word: string;
}

const USAGE = "NAME=POINT, NAME=NODE.iptables-save.txt, NAME=topology or NAME=nothing";

/** @throws CannotCheck for a word without `=`. */
export function readNamings(words: readonly string[]): readonly Naming[] {
  return words.map((word) => {
    const at = word.lastIndexOf("=");
    const [name, what] = [word.slice(0, at), word.slice(at + 1)];
    if (at > 0 && what !== "") return { name, what, word };
    throw new CannotCheck(`--as ${sanitize(word)}: not ${USAGE}`);
  });
}

/** Whether the entry is the one that `--as` names: all its path, or its last parts. */
export function isNamed({ name }: Naming, { shown, path }: Pick<BundleEntry, "shown" | "path">) {
  return [shown, path].some((whole) => whole === name || whole.endsWith(`/${name}`));
}

/** Which of them is about the entry. A name that is all of one's path is not the end of another's. */
export function namingOf(
  namings: readonly Naming[],
  entry: Pick<BundleEntry, "shown" | "path">,
  paths: ReadonlySet<string>,
): Naming | undefined {
  const named = namings.filter((naming) => isNamed(naming, entry));
  return (
    named.find(({ name }) => name === entry.path || name === entry.shown) ??
    named.find(({ name }) => !paths.has(name))
  );
}

/** @throws CannotCheck for a name that no entry has, and for one that several have. */
export function refuseUnclear(
  namings: readonly Naming[],
  entries: readonly Pick<BundleEntry, "shown" | "path">[],
): void {
  for (const naming of namings) {
    const named = entries.filter((entry) => isNamed(naming, entry));
    const exact = named.filter(({ shown, path }) => [shown, path].includes(naming.name));
    const option = `--as ${sanitize(naming.word)}`;
    if (named.length === 0) throw new CannotCheck(`${option}: ${noSuch(naming, entries)}`);
    if (named.length === 1 || exact.length === 1) continue;
    throw new CannotCheck(
      `${option}: ${named.length} entries end like this\n${listed(named.map(({ shown }) => shown))}`,
    );
  }
}

function noSuch({ name }: Naming, entries: readonly Pick<BundleEntry, "path">[]): string {
  const paths = entries.map(({ path }) => path);
  const ends = paths.map((path) => path.slice(path.lastIndexOf("/") + 1));
  const near = closest(name, paths) ?? closest(name, ends);
  const question = near === undefined ? "" : `; did you mean ${sanitize(near)}?`;
  return `no entry is called ${sanitize(name)}${question}\n${listed(paths)}`;
}

const MAX_LISTED = 20;

function listed(names: readonly string[]): string {
  const lines = names.slice(0, MAX_LISTED).map((name) => `    ${sanitize(name)}`);
  const more = names.length - lines.length;
  return [...lines, ...(more > 0 ? [`    and ${more} more`] : [])].join("\n");
}

/** @throws CannotCheck for what the entry cannot be. */
export function takenAs({ what, word }: Naming, { head }: Pick<FoundEntry, "head">): Taking {
  const by = "--as";
  if (what === "nothing") return { as: "nothing", why: "--as says so", by };
  const isCapture = isCaptureHead(head) || isStillPacked(head);
  if (isCapture && isPoint(what)) {
    if (!readState(what) && what !== "topology") return { as: "capture", point: what, by };
    throw new CannotCheck(
      `--as ${sanitize(word)}: the file is a capture\n    try       a point like node1/eth0 or pod:web`,
    );
  }
  if (isCapture)
    throw new CannotCheck(`--as ${sanitize(word)}: not a capture point like node1/eth0 or pod:web`);
  if (what === "topology") return { as: "topology", by };
  const state = readState(what);
  if (state) return { as: "state", ...state, by };
  const kinds = STATE_KINDS.map((kind) => `    NODE.${kind}`).join("\n");
  throw new CannotCheck(
    `--as ${sanitize(word)}: the file is no capture, so it is topology, nothing or\n${kinds}`,
  );
}

/** `node1.iptables-save.txt`; loose names are for files that nobody can rename. */
function readState(what: string): ReturnType<typeof readStateName> {
  return STATE_KINDS.some((kind) => what === kind || what.endsWith(`.${kind}`))
    ? readStateName(what)
    : undefined;
}
