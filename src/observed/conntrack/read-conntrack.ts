/**
 * Reads connections as the kernel tracks them, in the text that people save: `conntrack -L`, `conntrack -E`
 * and `/proc/net/nf_conntrack` (libnetfilter_conntrack 1.0.9 src/conntrack/snprintf_default.c; Linux
 * net/netfilter/nf_conntrack_standalone.c, `ct_seq_show`). By token and not by column: which of them
 * are there depends on options, sysctls and versions.
 */
import { parseAddress } from "#net/address.js";
import type { FiveTuple } from "#net/five-tuple.js";
import { protocolName } from "#net/protocol.js";
import { epochNs, type EpochNs } from "#net/types.js";
import type { ConntrackEntry } from "./conntrack-entry.js";

/** One saved table, or events that were written down. */
export interface ConntrackText {
  /** The node, or the pod with a network of its own, that it is of. */
  readonly node: string;
  /** What reports call it. */
  readonly file: string;
  readonly text: string;
}

export interface ReadConntrack {
  readonly entries: readonly ConntrackEntry[];
  /** `node1.conntrack.txt:3: …`: what was not understood, each kind once. */
  readonly remarks: readonly string[];
}

export function readConntrack({ node, file, text }: ConntrackText): ReadConntrack {
  const entries: ConntrackEntry[] = [];
  const remarks = new Remarks(file);
  for (const [at, content] of text.split(/\r?\n/).entries()) {
    if (isNoEntry(content)) continue;
    const line = at + 1;
    const found = readLine(content);
    if (found === undefined) {
      remarks.add(line, `not a connection as ${PRINTERS} write it`);
      continue;
    }
    for (const token of found.strange) remarks.add(line, `${token} is not understood and left out`);
    entries.push({ ...found.entry, node, file, line });
  }
  return { entries, remarks: remarks.lines() };
}

const PRINTERS = "conntrack -L, conntrack -E or /proc/net/nf_conntrack";

/** `conntrack v1.4.7 (conntrack-tools): 10 flow entries have been shown.`, which goes to stderr. */
function isNoEntry(content: string): boolean {
  return content.trim() === "" || /^conntrack v\S+ \(conntrack-tools\): /.test(content);
}

/** Time, event, layer 3, protocol, seconds left, state; what stands before the first address. */
const HEAD =
  /^\s*(?:\[(\d+)\.(\d{1,9})\]\s+)?(?:\[(NEW|UPDATE|DESTROY)\]\s+)?(?:(?:ipv4|ipv6|unknown)\s+\d+\s+)?[a-z][\w-]*\s+(\d+)(?:\s+(\d+))?(?:\s+([A-Z][A-Z0-9_]*))?\s+(\S.*)$/;

type ReadEntry = Omit<ConntrackEntry, "node" | "file" | "line">;

interface ReadLine {
  readonly entry: ReadEntry;
  readonly strange: readonly string[];
}

function readLine(content: string): ReadLine | undefined {
  const [, seconds, fraction, event, number, timeout, state, rest = ""] = HEAD.exec(content) ?? [];
  const fields = readFields(rest);
  const [forth, back, ...more] = fields.directions;
  if (forth === undefined || back === undefined || more.length > 0) return undefined;
  const protocol = protocolName(Number(number));
  const original = tupleOf({ protocol, direction: forth, other: back });
  const reply = tupleOf({ protocol, direction: back, other: forth });
  if (original === undefined || reply === undefined) return undefined;
  const zone = fields.values.get("zone") ?? fields.values.get("zone-orig");
  return {
    entry: {
      protocol,
      original,
      reply,
      state,
      isUnreplied: fields.flags.has("UNREPLIED"),
      isAssured: fields.flags.has("ASSURED"),
      timeoutSeconds: timeout === undefined ? undefined : Number(timeout),
      event: EVENTS.find((known) => known === event?.toLowerCase()),
      time: readTime(seconds, fraction),
      zone: Number(zone ?? 0),
      mark: Number(fields.values.get("mark") ?? 0),
    },
    strange: fields.strange,
  };
}

const EVENTS = ["new", "update", "destroy"] as const;

/** `-o timestamp`: the clock of the machine that ran conntrack, in µs. */
function readTime(seconds: string | undefined, fraction: string | undefined): EpochNs | undefined {
  if (seconds === undefined || fraction === undefined) return undefined;
  return epochNs(BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0")));
}

type Direction = ReadonlyMap<string, string>;

interface Fields {
  /** What stands behind a `src=`, up to the next one. */
  readonly directions: readonly Direction[];
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  readonly strange: readonly string[];
}

/** Of one direction. GRE's keys and the identifier of ICMP are no ports. */
const DIRECTION_KEYS = new Set(
  "src dst sport dport type code srckey dstkey packets bytes zone-reply".split(" "),
);
/** Of the connection. `id` is ICMP's identifier too; `timeout` and `stream_timeout` GRE's in /proc. */
const ENTRY_KEYS = new Set(
  "id zone zone-orig mark secmark secctx use delta-time helper labels portid progname timeout stream_timeout".split(
    " ",
  ),
);
/** Flow tables take over connections that are established; `[USERSPACE]`: a program removed it. */
const FLAGS = new Set(["UNREPLIED", "ASSURED", "OFFLOAD", "HW_OFFLOAD", "USERSPACE"]);

/** Tokens, and what is in brackets with its spaces: `[start=Sat Nov 21 15:39:03 2026]`. */
const TOKENS = /\[[^\]]*\]|\S+/g;

function readFields(text: string): Fields {
  const directions: Map<string, string>[] = [];
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const strange: string[] = [];
  for (const [token] of text.matchAll(TOKENS)) {
    const [, flag] = /^\[([A-Z_]+)\]$/.exec(token) ?? [];
    const [, key = "", value = ""] = /^([a-z_-]+)=(.*?),?$/.exec(token) ?? [];
    if (key === "src") directions.push(new Map());
    if (flag !== undefined && FLAGS.has(flag)) flags.add(flag);
    else if (DIRECTION_KEYS.has(key)) directions.at(-1)?.set(key, value);
    else if (ENTRY_KEYS.has(key)) values.set(key, value);
    else if (!/^\[(?:start|stop)=/.test(token)) strange.push(token);
  }
  return { directions, values, flags, strange };
}

interface OneWay {
  readonly protocol: string;
  readonly direction: Direction;
  /** The way back, whose type is the other end's "port" of ICMP, as a `Connection` has it. */
  readonly other: Direction;
}

function tupleOf({ protocol, direction, other }: OneWay): FiveTuple | undefined {
  const source = parseAddress(direction.get("src") ?? "");
  const destination = parseAddress(direction.get("dst") ?? "");
  const from = Number(direction.get("sport") ?? direction.get("type") ?? 0);
  const to = Number(direction.get("dport") ?? other.get("type") ?? 0);
  if (source === undefined || destination === undefined || !isPort(from) || !isPort(to)) {
    return undefined;
  }
  return {
    protocol,
    source: { address: source, port: from },
    destination: { address: destination, port: to },
  };
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;

/** A table may have as many lines as a node has connections: each kind is said once, with its number. */
class Remarks {
  readonly #file: string;
  readonly #found = new Map<string, { readonly line: number; count: number }>();

  constructor(file: string) {
    this.#file = file;
  }

  add(line: number, what: string): void {
    const known = this.#found.get(what);
    if (known) known.count += 1;
    else if (this.#found.size < MAX_REMARKS) this.#found.set(what, { line, count: 1 });
  }

  lines(): readonly string[] {
    return [...this.#found].map(([what, { line, count }]) => {
      const more = count > 1 ? `; ${count} lines are so` : "";
      return `${this.#file}:${line}: ${what}${more}`;
    });
  }
}

const MAX_REMARKS = 20;
