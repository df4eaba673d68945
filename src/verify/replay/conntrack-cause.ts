/**
 * Whether conntrack, and not a rule, decided where a connection that fails went. Only its first packet
 * asks the rules; what it was told then, conntrack keeps for as long as packets come.
 */
import {
  formatPredictedEndpoint,
  samePredictedEndpoint,
  type PredictedEndpoint,
} from "#expected/netfilter/predicted-tuple.js";
import type { Network } from "#expected/network/network.js";
import { followPaths } from "#expected/network/follow.js";
import { podOfAddress } from "#expected/scenarios/whereabouts.js";
import {
  formatEndpoint,
  formatTuple,
  sameEndpoint,
  type Endpoint,
  type FiveTuple,
} from "#net/five-tuple.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import type { ConntrackOfRun } from "#verify/dialled.js";
import type { SeenFlow } from "./seen-flow.js";
import { exactDial } from "./exact-dial.js";

/** An entry that translates a connection otherwise than the rules would today. */
export interface StaleEntry {
  readonly entry: ConntrackEntry;
  /** Where it sends the connection. */
  readonly leadsTo: Endpoint;
  /** Where the rules would: each endpoint that they may choose. */
  readonly rulesLeadTo: readonly PredictedEndpoint[];
  /** Packets of the connection were seen on their way to `leadsTo`. */
  readonly isSeen: boolean;
  /** A clause behind its node, file and line: what it does, what the rules would, how to be rid of it. */
  readonly why: string;
  /** `conntrack -D …`, to be run on the entry's node. */
  readonly remove: string;
}

export interface AskedOfEntries {
  readonly conntrack: ConntrackOfRun;
  /** Of the connection that fails. */
  readonly flows: readonly SeenFlow[];
  /**
   * The nodes' own rules where they were saved. Without them the topology's: then a rule that leads
   * to the wrong place looks like an entry that does.
   */
  readonly rules: Network;
  readonly isSaved: (node: string) => boolean;
}

/**
 * The entry that sends a connection elsewhere than the rules. A table is saved after the connection,
 * perhaps of another one from the same port: so it is one that packets followed, or one whose
 * tuple was seen and that cannot have been made by these rules at any time.
 */
export function staleEntry(asked: AskedOfEntries): StaleEntry | undefined {
  const stale = entriesOf(asked).flatMap((entry) => judged(entry, asked) ?? []);
  return stale.find(({ isSeen }) => isSeen) ?? stale[0];
}

/** What the nodes had of the dialled tuple when the table was saved; of events the last that is told. */
function entriesOf({ conntrack, flows }: AskedOfEntries): readonly ConntrackEntry[] {
  const plain = flows.filter(({ isTunnelled }) => !isTunnelled);
  const found = plain.flatMap(({ tuple }) =>
    conntrack.index
      .flowsOf(tuple)
      .flatMap(({ entries }) => entries)
      .filter(({ original }) => isOneOf(original, tuple)),
  );
  const last = new Map<string, ConntrackEntry>();
  for (const entry of found) {
    const key = `${entry.node} ${entry.zone} ${formatTuple(entry.original)}`;
    // Of a table and events the table: it is what is there, and not what was.
    const isTold = entry.event !== undefined && last.get(key)?.event === undefined;
    if (!isTold || !last.has(key)) last.set(key, entry);
  }
  return [...last.values()];
}

/** The dialled tuple, as the request or its answer showed it. */
function isOneOf(original: FiveTuple, { source, destination }: FiveTuple): boolean {
  return (
    (sameEndpoint(original.source, source) && sameEndpoint(original.destination, destination)) ||
    (sameEndpoint(original.source, destination) && sameEndpoint(original.destination, source))
  );
}

function judged(entry: ConntrackEntry, asked: AskedOfEntries): StaleEntry | undefined {
  const leadsTo = entry.reply.source;
  const rulesLeadTo = destinationsBy(asked.rules, entry);
  if (!rulesLeadTo || rulesLeadTo.length === 0) return undefined;
  if (rulesLeadTo.some((end) => samePredictedEndpoint(end, leadsTo))) return undefined;
  const isSeen = asked.flows.some(({ tuple }) => isTranslated(entry, tuple));
  const remove = removal(entry);
  const found = { entry, leadsTo, rulesLeadTo, isSeen, remove };
  return { ...found, why: clauseOf(found, asked) };
}

/** A packet that the entry has sent on its way, or an answer to one. */
function isTranslated({ original, reply }: ConntrackEntry, tuple: FiveTuple): boolean {
  const ends = [tuple.source, tuple.destination];
  const clients = [original.source, reply.destination];
  return (
    ends.some((end) => sameEndpoint(end, reply.source)) &&
    ends.some((end) => clients.some((client) => sameEndpoint(client, end)))
  );
}

/**
 * Where the rules of the entry's node let it go on to; undefined where they are not known well
 * enough, let it not through, or do not get to see it.
 */
function destinationsBy(
  rules: Network,
  entry: ConntrackEntry,
): readonly PredictedEndpoint[] | undefined {
  const made = followPaths(rules, exactDial(rules, entry)).map(({ request }) => {
    const hop = request.find(({ namespace }) => namespace.name === entry.node);
    return hop?.trace.entry?.reply.source;
  });
  const known = made.flatMap((end) => end ?? []);
  if (known.length < made.length) return undefined;
  return known.filter(
    (end, at) => known.findIndex((other) => samePredictedEndpoint(end, other)) === at,
  );
}

type Found = Omit<StaleEntry, "why">;

function clauseOf({ entry, leadsTo, rulesLeadTo, remove }: Found, asked: AskedOfEntries): string {
  const { original, protocol, node, event } = entry;
  const isSaved = asked.isSaved(node);
  const rules = isSaved ? "its rules" : "the topology's rules";
  const wanted = rulesLeadTo.map((end) => formatPredictedEndpoint(end)).join(" or ");
  const doubt = isSaved ? "" : `, unless a rule leads there (iptables-save of ${node} tells)`;
  const isOver = event === "destroy";
  return (
    `${isOver ? "sent" : "still sends"} ${formatTuple(original)}/${protocol} to ` +
    `${formatEndpoint(leadsTo)}${whose(asked.rules, leadsTo)}; ` +
    `${rules} would send it to ${wanted}${doubt}. ` +
    (isOver
      ? "This line is its end: the next packet asks the rules"
      : `Remove it on ${node}: ${remove}`)
  );
}

/** `node1's conntrack (node1.conntrack.txt:12) still sends …`. */
export function describeStale({ entry: { node, file, line }, why }: StaleEntry): string {
  return `${node}'s conntrack (${file}:${line}) ${why}`;
}

function whose({ topology }: Network, { address }: Endpoint): string {
  const pod = podOfAddress(topology, address);
  if (pod === undefined) return "";
  return pod.gone ? ` (pod ${pod.name}, which is gone)` : ` (pod ${pod.name})`;
}

/** Of this entry alone: nothing else has its tuple (conntrack(8)). */
function removal({ protocol, original, zone }: ConntrackEntry): string {
  const { source, destination } = original;
  const family = source.address.includes(":") ? " -f ipv6" : "";
  const ports = `--orig-port-src ${source.port} --orig-port-dst ${destination.port}`;
  const inZone = zone > 0 ? ` -w ${zone}` : "";
  return `conntrack -D${family} -p ${protocol} -s ${source.address} -d ${destination.address} ${ports}${inZone}`;
}
