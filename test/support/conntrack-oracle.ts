/**
 * Which connections of a recorded case are one, by the kernel's own conntrack tables and events. It
 * reads them by itself: what is held against it must not have the same faults.
 */
import { sameEndpoint, type Endpoint } from "#net/five-tuple.js";
import { readCapture } from "#observed/capture/read-capture.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import type { Connection } from "#observed/flow/connection.js";
import { blockSource } from "./capture-read.js";
import { bytesOf, filesOf, textOf } from "./verify-recorded.js";

/** A conntrack entry: the client and server as the client dialled, and as the server answers. */
interface Entry {
  readonly protocol: string;
  readonly clients: readonly [dialling: End, translated: End];
  readonly servers: readonly [dialled: End, translated: End];
  /** Entries of several nodes that follow one packet have one name. */
  flow: number;
}

/** Of ICMP the identifier is the client's port, and the server has none. */
type End = Endpoint;

const LINE =
  /ipv[46] +\d+ (tcp|udp) .*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) .*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/gm;
const ICMP_LINE =
  /ipv[46] +\d+ (icmp|icmpv6) .*?src=(\S+) dst=(\S+) type=\d+ code=\d+ id=(\d+) .*?src=(\S+) dst=(\S+) type=\d+ code=\d+ id=(\d+)/gm;

/** The flows of a case; a node's table is `NODE.conntrack.txt`, its events `NODE.conntrack-events.txt`. */
export class ConntrackOracle {
  readonly #entries: readonly Entry[];
  readonly #read: (path: string) => Uint8Array;
  readonly #identifiers = new Map<string, ReadonlyMap<number, number>>();

  /** `read` gives a capture's bytes as they were tracked, where that is not the recorded file. */
  constructor(recorded: string, read: (path: string) => Uint8Array = bytesOf) {
    this.#read = read;
    const tables = filesOf(recorded).filter((file) => /\.conntrack(-events)?\.txt$/.test(file));
    this.#entries = entriesOf(tables.map((table) => textOf(`${recorded}/${table}`)).join("\n"));
  }

  get knowsNothing(): boolean {
    return this.#entries.length === 0;
  }

  /** The flows that a connection may be of; none where conntrack tells of none. */
  flowsOf(connection: Connection): ReadonlySet<number> {
    const ends = this.#endsOf(connection);
    const found = this.#entries.filter((entry) => ends !== undefined && fits(entry, ends));
    return new Set(found.map(({ flow }) => flow));
  }

  /** A connection of ICMP has types for ports: its identifier is in its packets. */
  #endsOf({ protocol, originator, responder, packetNumbers }: Connection): Ends | undefined {
    if (!protocol.startsWith("icmp")) return { protocol, originator, responder };
    if (!ECHO_TYPES.has(originator.port) || !ECHO_TYPES.has(responder.port)) return undefined;
    const { file, packet } = packetNumbers.first;
    const isAsked = originator.port === 8 || originator.port === 128;
    const port = this.#identifiersIn(file).get(packet) ?? 0;
    return {
      protocol,
      originator: { ...originator, port: isAsked ? port : 0 },
      responder: { ...responder, port: isAsked ? 0 : port },
    };
  }

  /** Of a file's ICMP messages, by packet number. */
  #identifiersIn(path: string): ReadonlyMap<number, number> {
    const known = this.#identifiers.get(path) ?? readIdentifiers(path, this.#read(path));
    this.#identifiers.set(path, known);
    return known;
  }
}

type Ends = Pick<Connection, "protocol" | "originator" | "responder">;

function entriesOf(text: string): readonly Entry[] {
  const entries = [...new Map(readEntries(text).map((entry) => [keyOf(entry), entry])).values()];
  entries.forEach((entry, flow) => {
    entry.flow = flow;
  });
  for (const a of entries) {
    for (const b of entries) {
      if (a.flow === b.flow || a.protocol !== b.protocol || !sendsOn(a, b)) continue;
      const { flow } = b;
      for (const entry of entries) if (entry.flow === flow) entry.flow = a.flow;
    }
  }
  return entries;
}

const keyOf = (entry: Omit<Entry, "flow">): string =>
  JSON.stringify([entry.protocol, entry.clients, entry.servers]);

function readEntries(text: string): Entry[] {
  const ports = [...text.matchAll(LINE)].map(([, protocol = "", ...fields]): Entry => {
    const [source, destination, sport, dport, from, to, fromPort, toPort] = fields;
    return {
      protocol,
      clients: [end(source, sport), end(to, toPort)],
      servers: [end(destination, dport), end(from, fromPort)],
      flow: 0,
    };
  });
  const echoes = [...text.matchAll(ICMP_LINE)].map(([, protocol = "", ...fields]): Entry => {
    const [source, destination, identifier, from, to, translated] = fields;
    return {
      protocol: protocol === "icmpv6" ? "icmp6" : protocol,
      clients: [end(source, identifier), end(to, translated)],
      servers: [end(destination, "0"), end(from, "0")],
      flow: 0,
    };
  });
  return [...ports, ...echoes];
}

const end = (address = "", port = ""): End => ({ address, port: Number(port) });

/** What one node sends on is what the next one gets, so both entries are one flow. */
const sendsOn = (a: Entry, b: Entry): boolean =>
  [0, 1].some(
    (at) =>
      sameEndpoint(a.clients[at] ?? a.clients[1], b.clients[0]) &&
      sameEndpoint(a.servers[at] ?? a.servers[1], b.servers[0]),
  );

/** A bridge shows one end translated and the other not yet. */
function fits(entry: Entry, { protocol, originator, responder }: Ends): boolean {
  const { clients, servers } = entry;
  return (
    entry.protocol === protocol &&
    ((isOne(clients, originator) && isOne(servers, responder)) ||
      (isOne(clients, responder) && isOne(servers, originator)))
  );
}

const isOne = (ends: readonly End[], end: End): boolean =>
  ends.some((one) => sameEndpoint(one, end));

/** Of ICMP and ICMPv6. */
const ECHO_TYPES = new Set([0, 8, 128, 129]);

function readIdentifiers(path: string, bytes: Uint8Array): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const decoded = new DecodedPacket();
  readCapture(blockSource(bytes, path), (record) => {
    decodeRecord(record, decoded);
    const innermost = decoded.ip[decoded.depth - 1];
    if (innermost !== undefined) found.set(record.number, innermost.icmpId);
  });
  return found;
}
