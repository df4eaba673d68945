/** Which conntrack entries a connection belongs to, wherever it was captured. */
import { formatEndpoint, type FiveTuple } from "#net/five-tuple.js";
import type { ConntrackEntry } from "./conntrack-entry.js";

/** Entries of several nodes that follow one connection, from who dialled to who took it. */
export interface ConntrackFlow {
  /** From 0, in the order of the entries; the same for the same entries. */
  readonly id: number;
  /**
   * Several lines may tell of one entry, as events do. Of one node there may be several entries:
   * the old one was lost, and what came next made another.
   */
  readonly entries: readonly ConntrackEntry[];
}

export interface ConntrackIndex {
  /**
   * The flows that a tuple may be of, in either direction, translated or not or one end alone, as a
   * bridge shows it. Several where a tuple leads to two entries, as a translated port that was used
   * again does; none when the tables do not have it, which says nothing: the kernel forgets. A flow
   * is no connection yet: who dials twice from one port is of one flow twice.
   */
  flowsOf(tuple: FiveTuple): readonly ConntrackFlow[];
}

export function indexConntrack(entries: readonly ConntrackEntry[]): ConntrackIndex {
  const flows = linked(entries);
  const byTuple = new Map<string, ConntrackFlow[]>();
  for (const flow of flows) {
    const [only, ...others] = flow.entries;
    const keys = only && others.length === 0 ? keysOf(only) : flow.entries.flatMap(keysOf);
    for (const key of new Set(keys)) add(byTuple, key, flow);
  }
  return { flowsOf: (tuple) => byTuple.get(tupleKey(tuple)) ?? [] };
}

/** A client and a server, each as dialled and as translated: two by two. */
function keysOf({ protocol, original, reply }: ConntrackEntry): readonly string[] {
  const [client, server] = [formatEndpoint(original.source), formatEndpoint(original.destination)];
  const [ownClient, ownServer] = [formatEndpoint(reply.destination), formatEndpoint(reply.source)];
  const keys = [keyOf(protocol, client, server)];
  if (ownClient !== client) keys.push(keyOf(protocol, ownClient, server));
  if (ownServer !== server) keys.push(keyOf(protocol, client, ownServer));
  const isBoth = ownClient !== client && ownServer !== server;
  return isBoth ? [...keys, keyOf(protocol, ownClient, ownServer)] : keys;
}

const tupleKey = ({ protocol, source, destination }: FiveTuple): string =>
  keyOf(protocol, formatEndpoint(source), formatEndpoint(destination));

/** The same for both directions. */
function keyOf(protocol: string, ...[one, other]: readonly [string, string]): string {
  return one < other ? `${protocol} ${one} ${other}` : `${protocol} ${other} ${one}`;
}

/**
 * What one node sends on is what the next one gets. On one node the same dialled tuple is the same
 * connection; that two of its entries lead to one tuple is no link: a port was used again.
 */
function linked(entries: readonly ConntrackEntry[]): readonly ConntrackFlow[] {
  const parents = entries.map((_, at) => at);
  const dialled = new Map<string, number[]>();
  for (const [at, { node, zone, original }] of entries.entries()) {
    const key = tupleKey(original);
    const same = dialled.get(key)?.find((other) => {
      const known = entries[other];
      return known?.node === node && known.zone === zone;
    });
    if (same === undefined) add(dialled, key, at);
    else unite(parents, { from: at, to: same });
  }
  for (const [at, { node, reply }] of entries.entries()) {
    for (const next of dialled.get(tupleKey(reply)) ?? []) {
      if (entries[next]?.node !== node) unite(parents, { from: next, to: at });
    }
  }
  return grouped(entries, parents);
}

function grouped(entries: readonly ConntrackEntry[], parents: number[]): readonly ConntrackFlow[] {
  const groups = new Map<number, ConntrackEntry[]>();
  for (const [at, entry] of entries.entries()) {
    const root = rootOf(parents, at);
    const list = groups.get(root);
    if (list) list.push(entry);
    else groups.set(root, [entry]);
  }
  return [...groups.values()].map((list, id) => ({ id, entries: list }));
}

function unite(parents: number[], { from, to }: { readonly from: number; readonly to: number }) {
  const [a, b] = [rootOf(parents, from), rootOf(parents, to)];
  parents[Math.max(a, b)] = Math.min(a, b);
}

/** With every second step left out, so that it stays short. */
function rootOf(parents: number[], start: number): number {
  let at = start;
  for (let up = parents[at] ?? at; up !== at; up = parents[at] ?? at) {
    parents[at] = parents[up] ?? up;
    at = up;
  }
  return at;
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
