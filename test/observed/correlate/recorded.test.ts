/** What was joined, held against the kernel's own conntrack tables. */
import { describe, expect, test } from "vitest";
import { formatEndpoint, sameEndpoint, type Endpoint } from "#net/five-tuple.js";
import { joinConnections } from "#observed/correlate/join.js";
import type { Connection } from "#observed/flow/connection.js";
import { capturesOf, CASES, filesOf, textOf, track } from "../../support/verify-recorded.js";

/** A conntrack entry: the client and server as the client dialled, and as the server answers. */
interface Entry {
  readonly protocol: string;
  readonly clients: readonly [dialling: Endpoint, translated: Endpoint];
  readonly servers: readonly [dialled: Endpoint, translated: Endpoint];
  /** Entries of several nodes that follow one packet have one name. */
  flow: number;
}

const LINE =
  /^ipv4 +2 (\w+) .*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) .*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/gm;

function readConntrack(text: string): Omit<Entry, "flow">[] {
  return [...text.matchAll(LINE)].map(([, protocol = "", ...fields]) => {
    const [source, destination, sport, dport, from, to, fromPort, toPort] = fields;
    return {
      protocol,
      clients: [end(source, sport), end(to, toPort)],
      servers: [end(destination, dport), end(from, fromPort)],
    };
  });
}

const end = (address = "", port = ""): Endpoint => ({ address, port: Number(port) });

/** What one node sends on is what the next one gets, so both entries are one flow. */
function entriesOf(recorded: string): Entry[] {
  const tables = filesOf(recorded).filter((file) => file.endsWith(".conntrack.txt"));
  const entries = tables
    .flatMap((table) => readConntrack(textOf(`${recorded}/${table}`)))
    .map((entry, flow) => ({ ...entry, flow }));
  for (const a of entries) {
    for (const b of entries) {
      if (a.protocol !== b.protocol || !sendsOn(a, b)) continue;
      for (const entry of entries) if (entry.flow === b.flow) entry.flow = a.flow;
    }
  }
  return entries;
}

const sendsOn = (a: Entry, b: Entry): boolean =>
  [0, 1].some(
    (at) =>
      sameEndpoint(a.clients[at] ?? a.clients[1], b.clients[0]) &&
      sameEndpoint(a.servers[at] ?? a.servers[1], b.servers[0]),
  );

/** Flows that a connection may be of; a bridge shows one end translated and the other not yet. */
function flowsOf({ protocol, originator, responder }: Connection, entries: readonly Entry[]) {
  const found = entries.filter(
    ({ protocol: of, clients, servers }) =>
      of === protocol &&
      ((fits(clients, originator) && fits(servers, responder)) ||
        (fits(clients, responder) && fits(servers, originator))),
  );
  return new Set(found.map(({ flow }) => flow));
}

const fits = (ends: readonly Endpoint[], end: Endpoint): boolean =>
  ends.some((candidate) => sameEndpoint(candidate, end));

const describeOf = ({ point, originator, responder }: Connection): string =>
  `${point.name} ${formatEndpoint(originator)} > ${formatEndpoint(responder)}`;

describe.each(CASES)("%s", (recorded) => {
  const entries = entriesOf(recorded);

  test("no two connections are joined that conntrack keeps apart", async () => {
    const { connections } = await track(capturesOf(recorded));
    const decided: string[] = [];
    const wrong = joinConnections(connections).flatMap(({ id, connections: joined }) => {
      const known = joined
        .map((connection) => ({ connection, flows: [...flowsOf(connection, entries)] }))
        .filter(({ flows }) => flows.length > 0);
      if (known.length > 1) decided.push(id);
      return known.flatMap((a, at) =>
        known
          .slice(at + 1)
          .filter((b) => !a.flows.some((flow) => b.flows.includes(flow)))
          .map((b) => `${id}: ${describeOf(a.connection)} and ${describeOf(b.connection)}`),
      );
    });
    expect(wrong).toEqual([]);
    // The kernel forgets a refused connection at once: then its table decides nothing.
    expect(decided.length > 0).toBe(entries.length > 0);
  });

  test("no TCP connection is in two journeys", async () => {
    const { connections } = await track(capturesOf(recorded));
    const journeysOf = new Map<number, Set<string>>();
    for (const { id, protocol, connections: joined } of joinConnections(connections)) {
      for (const connection of joined) {
        const [flow, ...others] = flowsOf(connection, entries);
        if (protocol !== "tcp" || flow === undefined || others.length > 0) continue;
        journeysOf.set(flow, (journeysOf.get(flow) ?? new Set()).add(id));
      }
    }
    const torn = [...journeysOf].filter(([, ids]) => ids.size > 1);
    expect(torn).toEqual([]);
  });
});
