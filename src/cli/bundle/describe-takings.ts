/** The table of what was taken for what, for stderr. */
import { counted } from "#net/counted.js";
import { captureName } from "#observed/capture/capture-name.js";
import { sanitize } from "#report/sanitize.js";
import { groupBy } from "../group-by.js";
import type { Bundle, TakenEntry } from "./bundle.js";
import { UNKNOWN } from "./recognise.js";
import type { StateKind } from "./state-kind.js";

export interface TableWishes {
  /** `captures`: of a bundle nothing else is used. */
  readonly wanted: "captures" | "state too";
  /** Every entry in a row of its own. */
  readonly verbose: boolean;
  /** Flags that count before what a bundle has of the kind: `--topology`. */
  readonly flags: readonly Replacing[];
}

export interface Replacing {
  readonly kind: "topology" | "state" | "earlier state";
  readonly flag: string;
}

export function describeTakings(
  bundle: Bundle,
  { wanted, verbose, flags }: TableWishes,
): readonly string[] {
  const { path, takings } = bundle;
  if (takings.length === 0) return [];
  if (verbose) return [`${sanitize(path)}: what each file was taken for`, ...rows(takings)];
  const others = takings.filter(({ taking }) => taking.as !== "capture");
  const isPlain = !takings.some(hasDerivedPoint) && others.every(isOrdinary);
  if (wanted === "captures" || isPlain) return skipped(path, others);
  const groups = [
    ...captureGroup(takings),
    ...stateGroups(takings, flags),
    ...unusedGroups(takings),
  ];
  const width = Math.max(...groups.map(({ count }) => count.length));
  return [
    `${sanitize(path)}: ${counted(takings.length, "file")}`,
    ...groups.map(({ count, names }) => `    ${count.padEnd(width)}  ${names}`),
    "    -v lists each file; --as NAME=WHAT says what one is",
  ];
}

/** Told by a folder or by a tool's way of naming: somebody has to see what it was taken for. */
function hasDerivedPoint({ taking }: TakenEntry): boolean {
  return taking.as === "capture" && taking.point !== undefined;
}

/** No capture, and nothing that somebody would miss. */
function isOrdinary({ taking }: TakenEntry): boolean {
  return taking.as === "nothing" && ORDINARY.has(taking.why);
}

const ORDINARY: ReadonlySet<string> = new Set([UNKNOWN, "empty", "compressed"]);

function isRefused(entry: TakenEntry): boolean {
  return entry.taking.as === "nothing" && !isOrdinary(entry);
}

/** `captures/: skipped 2 files that are no capture: README.md, notes.txt`. */
function skipped(path: string, others: readonly TakenEntry[]): readonly string[] {
  const plain = others.filter((entry) => !isRefused(entry));
  const noun = plain.length === 1 ? "1 file that is" : `${plain.length} files that are`;
  const line = `${sanitize(path)}: skipped ${noun} no capture: ${some(plain.map(baseName))}`;
  const told = unusedGroups(others.filter(isRefused)).map(
    ({ names }) => `${sanitize(path)}: not used: ${names}`,
  );
  return plain.length === 0 ? told : [line, ...told];
}

interface Group {
  readonly count: string;
  readonly names: string;
}

function captureGroup(takings: readonly TakenEntry[]): readonly Group[] {
  const names = takings.flatMap(({ path, taking }) =>
    taking.as === "capture" ? [taking.point ?? captureName(path)] : [],
  );
  return names.length === 0
    ? []
    : [{ count: counted(names.length, "capture"), names: some(names) }];
}

function stateGroups(
  takings: readonly TakenEntry[],
  flags: readonly Replacing[],
): readonly Group[] {
  const topologies = takings.filter(({ taking }) => taking.as === "topology");
  const told = (kind: Replacing["kind"], groups: readonly Group[]): readonly Group[] => {
    const replacing = flags.find((one) => one.kind === kind);
    if (!replacing) return groups;
    return groups.map(({ count, names }) => ({
      count,
      names: `${names}: not used, ${replacing.flag} is given`,
    }));
  };
  return [
    ...told("state", stateGroup(takings, { as: "state", count: "state" })),
    ...told("earlier state", stateGroup(takings, { as: "earlier state", count: "state before" })),
    ...told(
      "topology",
      topologies.length === 0
        ? []
        : [{ count: "topology", names: some(topologies.map(({ path }) => path)) }],
    ),
  ];
}

/** `node1: conntrack, ip-addr, iptables-save; node2: the same`. */
function stateGroup(
  takings: readonly TakenEntry[],
  { as, count }: { readonly as: "state" | "earlier state"; readonly count: string },
): readonly Group[] {
  const nodes = new Map<string, Set<string>>();
  for (const { taking } of takings) {
    const of = saved(taking, as);
    if (of) nodes.set(of.node, (nodes.get(of.node) ?? new Set()).add(of.kind));
  }
  if (nodes.size === 0) return [];
  const kinds = [...nodes].map(([node, files]) => ({ node, list: [...files].sort().join(", ") }));
  const alike = groupBy(kinds, ({ list }) => list);
  const texts = [...alike].map(([list, of]) => {
    const names = of.map(({ node }) => (node === "" ? "a node without name" : node));
    return `${some(names)}: ${list}`;
  });
  return [{ count, names: texts.slice(0, MAX_GROUPS).join("; ") }];
}

function saved(
  taking: TakenEntry["taking"],
  as: "state" | "earlier state",
): { readonly node: string; readonly kind: string } | undefined {
  if (taking.as === as) return { node: taking.node, kind: nameOf(taking.kind) };
  if (as === "state" && taking.as === "part")
    return { node: taking.node, kind: `${taking.of}'s files` };
  return undefined;
}

const nameOf = (kind: StateKind): string => kind.replace(/\.\w+$/, "");

/** By why, as of a large collection most is logs. */
function unusedGroups(takings: readonly TakenEntry[]): readonly Group[] {
  const unused = takings.flatMap(({ path, taking }) =>
    taking.as === "nothing" ? [{ path, why: taking.why }] : [],
  );
  const groups = [...groupBy(unused, ({ why }) => (ORDINARY.has(why) ? UNKNOWN : why))];
  const told = groups.slice(0, MAX_GROUPS).map(([why, of], at) => ({
    count: at === 0 ? "not used" : "",
    names: `${some(of.map(({ path }) => path))}: ${sanitize(why)}`,
  }));
  const left = groups.slice(MAX_GROUPS).flatMap(([, of]) => of).length;
  return left === 0 ? told : [...told, { count: "", names: `and ${left} more, which -v lists` }];
}

const MAX_GROUPS = 5;
const MAX_LISTED = 4;

function some(names: readonly string[]): string {
  const listed = names.slice(0, MAX_LISTED).map((name) => sanitize(name));
  const more = names.length - listed.length;
  return `${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function baseName({ path }: TakenEntry): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function rows(takings: readonly TakenEntry[]): readonly string[] {
  const cells = takings.map((entry) => [sanitize(entry.path), sanitize(what(entry)), why(entry)]);
  const widths = [0, 1].map((column) =>
    cells.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  );
  return cells.map((row) => {
    const padded = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    return `    ${padded.join("  ").trimEnd()}`;
  });
}

function what({ taking, path }: TakenEntry): string {
  switch (taking.as) {
    case "capture":
      return `capture ${taking.point ?? captureName(path)}`;
    case "state":
      return `${nameOf(taking.kind)}${of(taking.node)}`;
    case "earlier state":
      return `${nameOf(taking.kind)}${of(taking.node)}, before`;
    case "part":
      return `${taking.of}'s files${of(taking.node)}`;
    case "topology":
    case "archive":
    case "nothing":
      return taking.as;
  }
}

const of = (node: string): string => (node === "" ? "" : ` of ${node}`);

function why({ taking }: TakenEntry): string {
  return sanitize(taking.as === "nothing" ? taking.why : taking.by);
}
