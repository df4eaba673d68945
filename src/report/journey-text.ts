/**
 * A connection's journey for a person, from top to bottom as its packets go: a line for each capture
 * point, the rule between two of them, and what is missing as missing.
 */
import { formatTuple } from "#net/five-tuple.js";
import type { EpochNs } from "#net/types.js";
import type { PacketReference } from "#observed/flow/connection.js";
import { isCalled } from "#verify/called.js";
import type { JourneyStop, Rewrite, StopOutcome } from "#verify/journey-stop.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import { cite, withoutFolders } from "./check-table.js";
import { displayFilter } from "./display-filter.js";
import { describeTime } from "./describe-time.js";
import { wrapProse } from "./prose.js";
import type { RenderContext } from "./report-format.js";
import { sanitize } from "./sanitize.js";
import type { Tone } from "./style.js";
import type { Layout } from "./table.js";
import { VERDICT_TONE } from "./verdict-tone.js";

/** Of the connections that were asked for. */
export function* journeyTexts(report: Report, context: RenderContext): Iterable<string> {
  const { journeysOf: asked = [] } = context;
  for (const connection of report.connections) {
    if (!asked.some((name) => isCalled(connection, name))) continue;
    yield "\n";
    yield* journeyText(connection, context);
  }
}

interface Told {
  readonly layout: Layout;
  /** Of the connection's first packet anywhere; undefined: none was captured. */
  readonly start: EpochNs | undefined;
  /** Times of day beside those from the connection's first packet. */
  readonly verbose: boolean;
  /** Of the names of points, in characters. */
  readonly nameWidth: number;
  /** Of what they show; undefined where there is no room for the rest beside it. */
  readonly shownWidth: number | undefined;
  readonly citeHere: (packet: PacketReference) => string;
}

function* journeyText(
  connection: ConnectionReport,
  { layout, verbose }: RenderContext,
): Iterable<string> {
  const { id, protocol, scenario, client, verdict, stops = [] } = connection;
  const what = [protocol, scenario, ...(client === undefined ? [] : [`client ${client}`])];
  const word = layout.style[VERDICT_TONE[verdict]](verdict.toUpperCase());
  yield `${word}  journey of ${id}: ${what.join(", ")}\n`;
  const start = startOf(stops);
  const told = roomFor(stops, { layout, verbose, start });
  if (start !== undefined) {
    const day = verbose ? `, ${describeTime(start) ?? "which no calendar has"}` : "";
    yield `${INDENT}times are from its first packet${day}\n`;
  }
  for (const direction of ["request", "reply"] as const) {
    const along = stops.filter((stop) => stop.direction === direction);
    if (along.length === 0) continue;
    yield `${INDENT}${layout.style.strong(HEADINGS[direction])}\n`;
    yield* alongText(along, told);
  }
  yield* filterText(connection, layout);
}

/** Where it is seen first: in other files it may look otherwise. One line, to be copied. */
function* filterText(connection: ConnectionReport, { style }: Layout): Iterable<string> {
  const file = connection.sightings[0]?.evidence[0]?.file;
  const filter = file === undefined ? undefined : displayFilter(connection, file);
  if (file === undefined || filter === undefined) return;
  yield `${INDENT}${style.strong("in Wireshark")}\n`;
  yield `${INDENT}${INDENT}${sanitize(file)}: ${sanitize(filter)}\n`;
}

/** Where nothing came by, and nothing had to, one line says so: `-v` tells each point. */
function* alongText(along: readonly JourneyStop[], told: Told): Iterable<string> {
  const isSilent = along.every(({ outcome }) => outcome === "not seen");
  if (!isSilent || told.verbose) {
    for (const stop of along) yield* stopText(stop, told);
    return;
  }
  const why = along.find(({ expected }) => expected?.seen === "must")?.why ?? "";
  const { mark, tone } = LINE["not seen"];
  const lead = `${INDENT}${told.layout.style[tone](mark)} `;
  const text = `none seen at ${along.length} points${why === "" ? "" : `: ${why}`}`;
  for (const line of wrapProse(text, told.layout, INDENT.length + 2)) yield `${lead}${line}\n`;
}

const INDENT = "  ";
const MAX_NAME = 24;
const HEADINGS = {
  request: "requests, from whoever dials to the server",
  reply: "replies, from the server back",
} as const;

function startOf(stops: readonly JourneyStop[]): EpochNs | undefined {
  return stops
    .flatMap(({ observed }) => observed?.first ?? [])
    .reduce<EpochNs | undefined>(
      (least, time) => (least === undefined || time < least ? time : least),
      undefined,
    );
}

function roomFor(
  stops: readonly JourneyStop[],
  given: Pick<Told, "layout" | "verbose" | "start">,
): Told {
  const { width } = given.layout;
  const nameWidth = Math.min(MAX_NAME, widest(stops.map(({ point }) => sanitize(point))));
  const shownWidth = widest(stops.map((stop) => shownBy(stop).plain));
  const citeHere = width === undefined ? cite : briefly(stops);
  const told = { ...given, nameWidth, shownWidth, citeHere };
  const facts = widest(stops.map(({ observed }) => (observed ? seenAs(observed, told) : "")));
  const line = INDENT.length + 2 + nameWidth + GAP.length + shownWidth + GAP.length + facts;
  return width === undefined || line <= width ? told : { ...told, shownWidth: undefined };
}

const GAP = "  ";

function widest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

/** Paths break badly in a terminal: without their folders, unless two files share a name. */
function briefly(stops: readonly JourneyStop[]): typeof cite {
  const files = new Set(stops.flatMap(({ observed }) => observed?.evidence.file ?? []));
  const names = new Set([...files].map(withoutFolders));
  if (names.size < files.size) return cite;
  return ({ file, packet }) => cite({ file: withoutFolders(file), packet });
}

/** The line that leads down the page: whole where the packet was seen. */
const LINE = {
  "as expected": { mark: "|", tone: "good", word: "" },
  differs: { mark: "!", tone: "bad", word: "DIFFERS" },
  stray: { mark: "!", tone: "bad", word: "STRAY" },
  missing: { mark: "x", tone: "bad", word: "MISSING" },
  "not seen": { mark: ":", tone: "doubtful", word: "not seen" },
  unjudged: { mark: "|", tone: "strong", word: "unjudged" },
} as const satisfies Record<
  StopOutcome,
  { readonly mark: string; readonly tone: Tone; readonly word: string }
>;

function* stopText(stop: JourneyStop, told: Told): Iterable<string> {
  const { observed, outcome } = stop;
  const { layout, nameWidth, shownWidth } = told;
  for (const rewrite of stop.rewrites) {
    yield* rewriteText(rewrite, { told, isPassed: observed !== undefined });
  }
  const { mark, tone } = LINE[outcome];
  const line = `${INDENT}${layout.style[tone](mark)} `;
  const { plain, toned } = shownBy(stop, layout);
  const facts = observed ? seenAs(observed, told) : "";
  const name = sanitize(stop.point).padEnd(nameWidth);
  const beside =
    shownWidth === undefined ? "" : `${" ".repeat(shownWidth - plain.length)}${GAP}${facts}`;
  yield `${`${line}${name}${GAP}${toned}${beside}`.trimEnd()}\n`;
  const below = `${line}${" ".repeat(nameWidth)}${GAP}`;
  if (shownWidth === undefined && facts !== "") yield `${below}${facts}\n`;
  const indent = INDENT.length + 2 + nameWidth + GAP.length;
  for (const detail of detailsOf(stop, told)) {
    for (const text of wrapProse(detail, layout, indent)) yield `${below}${text}\n`;
  }
}

/** What is not as it should be is said before what was seen. */
function shownBy(
  { outcome, observed, expected }: JourneyStop,
  layout?: Layout,
): { readonly plain: string; readonly toned: string } {
  const { tone } = LINE[outcome];
  const isOpen = outcome === "not seen" && expected?.seen === "may";
  const word = isOpen ? "need not show" : LINE[outcome].word;
  const tuple = observed ? formatTuple(observed) : expected && endsOf(expected);
  const text = [tuple ?? ""].filter(Boolean);
  return {
    plain: [...(word === "" ? [] : [word]), ...text].join(" "),
    toned: [...(word === "" ? [] : [layout?.style[tone](word) ?? word]), ...text].join(" "),
  };
}

function endsOf({ source, destination }: NonNullable<JourneyStop["expected"]>): string {
  return sanitize(`${source} > ${destination}`);
}

/** What the first line leaves unsaid. */
function detailsOf(
  { outcome, observed, expected, why }: JourneyStop,
  { verbose }: Told,
): readonly string[] {
  if (outcome === "not seen" && expected?.seen === "may" && !verbose) return [];
  const isElse = observed !== undefined && outcome !== "as expected" && expected !== undefined;
  const seen = expected && endsOf(expected);
  const isOther = observed === undefined || seen !== formatTuple(observed);
  return [...(isElse && isOther ? [`expected ${seen}`] : []), ...(why === undefined ? [] : [why])];
}

function seenAs(observed: NonNullable<JourneyStop["observed"]>, told: Told): string {
  const { ttl, packets, first, evidence } = observed;
  const facts = [
    ...(first === undefined ? [] : [describeSince(first, told)]),
    ...(ttl === undefined ? [] : [`TTL ${ttl}`]),
    packets === 1 ? "1 packet" : `${packets} packets`,
    sanitize(told.citeHere(evidence)),
  ];
  return facts.join(GAP);
}

/** `+0.000012 s`, with the time of day where that was asked for. */
function describeSince(time: EpochNs, { start = time, verbose }: Told): string {
  const since = `+${(Number(time - start) / 1e9).toFixed(6)} s`;
  const day = verbose ? describeTime(time) : undefined;
  return day === undefined ? since : `${since}${GAP}${day}`;
}

interface Between {
  readonly told: Told;
  /** The packet was seen behind it. */
  readonly isPassed: boolean;
}

/** `~ node1 nat CNI-DN-… (portmap), node1.iptables-save.txt:31`, the rule, and what it makes of the packet. */
function* rewriteText(
  { at, table, chain, owner, text, file, line, after }: Rewrite,
  { told: { layout }, isPassed }: Between,
): Iterable<string> {
  const where = file === undefined ? "" : `, ${withoutFolders(file)}:${line}`;
  const by = owner === "unknown" ? "" : ` (${owner})`;
  const lead = `${INDENT}${isPassed ? "|" : ":"}     `;
  const [first = "", ...rest] = [
    ...wrapProse(`~ ${at} ${table} ${chain}${by}${where}`, layout, lead.length + 2),
    ...wrapProse(text, layout, lead.length + 2),
    ...wrapProse(`makes it ${after}`, layout, lead.length + 2),
  ];
  yield `${lead}${first}\n`;
  for (const one of rest) yield `${lead}  ${one}\n`;
}
