import { IP_PROTOCOL } from "#net/protocol.js";
import { epochNs, type EpochNs } from "#net/types.js";
import { CaptureRecord, DIRECTION, type Direction } from "#observed/capture/record.js";
import type { CaptureSummary } from "#observed/capture/summary.js";
import type { DecodedPacket, IpPacket } from "#observed/decode/packet.js";
import { AddressTable } from "./address-table.js";
import { ConnectionKey } from "./connection-key.js";
import { ConnectionList } from "./connection-list.js";
import { ConnectionTable, NONE, recordOffset } from "./connection-table.js";
import type { Connection } from "./connection.js";
import { Cursor } from "./cursor.js";
import { FileSeries } from "./file-series.js";
import { addHeld, followFragment, followPacket, Sighting } from "./follow.js";
import type { ForwardedClient } from "./forwarded-client.js";
import { Fragments } from "./fragments.js";
import { addLetter, LETTER } from "./history.js";
import { IcmpErrors, isIcmpError } from "./icmp-errors.js";
import { NOT_INTERNED } from "./intern-table.js";
import {
  FIRST_TIME,
  FLAG_FIRST_SENDER_HIGH,
  FLAG_ORIGINATOR_HIGH,
  FLAGS,
  ICMP_ERRORS,
  LAST_TIME,
  TUNNEL_SIDES,
} from "./layout.js";
import { PacketMemory } from "./packet-memory.js";
import { NUMBERED_BY, Places } from "./places.js";
import { isReuse } from "./reuse.js";
import { DecodeStatistics, type FlowStatistics } from "./statistics.js";
import { ACK, RST, SYN } from "./tcp-endpoint.js";

/** Connections followed at most: at 256 bytes each, 5 GiB. */
const MAX_CONNECTIONS = 20_000_000;

export interface FlowOptions {
  /** Packets of further connections are counted in `FlowStatistics.overflow`. */
  readonly connections?: number;
  /** `totals`, the default: what a packed record holds. */
  readonly facts?: FlowFacts;
  /** Told of every packet that a connection has, and of every error that quotes one of its packets. */
  readonly watch?:
    | ((seen: { readonly connection: number; readonly packet: IpPacket }) => void)
    | undefined;
}

/** `all`: also each direction's `first` and `samples`, which need memory beside the records. */
export type FlowFacts = "totals" | "all";

/** One file of a capture point, about to be read. */
export interface FlowFile {
  /** What reports call it. */
  readonly file: string;
  /** What the user calls the capture point. The first file's holds for all. */
  readonly point: string;
  /**
   * What the record times count from. The times of later files are measured against the first one's.
   * Undefined when only `finishFile` can tell, which does for a single file.
   */
  readonly baseTime: EpochNs | undefined;
}

/**
 * Packets in, connections out, at one capture point. A point may have several files, a rotated series
 * in order. Each interface and direction in them is told apart, as different captures would be.
 *
 * A SYN with another sequence number than the connection's begins a new connection on the same
 * five-tuple, whatever became of the old one; a SYN with the same number is a retransmission. Nothing
 * is split by idle time: a verifier must see that a late packet belongs to the old connection, and
 * conntrack's timeouts, not ours, decide what the network made of it.
 *
 * Where this differs from Zeek: copies of a packet change neither state nor history; only a SYN-ACK
 * flips the roles, never a port number; a SYN-ACK captured before its SYN, and a SYN from both sides,
 * make one established connection; payload in the first SYN is no retransmission; G is found without
 * reassembly, one hole at a time; there is no C; `last` is the last packet, not the last productive one.
 */
export class FlowTracker {
  #point = "";
  /** By pcapng interface id. */
  #interfaceNames: readonly (string | undefined)[] = [];
  readonly #table: ConnectionTable;
  readonly #addresses: AddressTable;
  readonly #places: Places;
  readonly #series = new FileSeries();
  readonly #statistics = new DecodeStatistics(this.#series);
  readonly #fragments = new Fragments();
  readonly #icmpErrors = new IcmpErrors();
  /** By the connection's index; few connections come from a proxy. */
  readonly #forwarded = new Map<number, ForwardedClient>();
  readonly #memory: PacketMemory | undefined;
  readonly #watch: FlowOptions["watch"];
  readonly #key = new ConnectionKey();
  readonly #cursor = new Cursor();
  #baseTime: EpochNs | undefined = undefined;
  /** ns from the first file's base to this file's. */
  #fileOffset = 0;

  readonly #quotedKey = new ConnectionKey();
  readonly #sighting = new Sighting(new CaptureRecord());
  /** Bit n: the source of the record's packet that holds tunnel n has the lower address. */
  #tunnelSides = 0;

  constructor({ connections = MAX_CONNECTIONS, facts = "totals", watch }: FlowOptions = {}) {
    this.#watch = watch;
    this.#memory = facts === "all" ? new PacketMemory() : undefined;
    this.#table = new ConnectionTable(connections);
    // Two addresses for each connection, and as many tunnels as connections, are never too few.
    this.#addresses = new AddressTable(2 * connections);
    this.#places = new Places({ limit: connections, addresses: this.#addresses });
  }

  /** The records that follow are of this file. */
  startFile({ file, point, baseTime }: FlowFile): void {
    if (this.#series.isEmpty) this.#point = point;
    this.#series.start(file);
    if (baseTime === undefined) return;
    this.#baseTime ??= baseTime;
    this.#fileOffset = Number(baseTime - this.#baseTime);
  }

  /** What reading the file to its end has told: its base time and the names of its interfaces. */
  finishFile({ baseTime, interfaces }: Pick<CaptureSummary, "baseTime" | "interfaces">): void {
    this.#baseTime ??= baseTime;
    const known = this.#interfaceNames;
    const names = interfaces.map(({ name }, id) => known[id] ?? name);
    this.#interfaceNames = [...names, ...known.slice(names.length)];
  }

  /** Takes a record and what `decodeRecord` made of it. */
  add(record: CaptureRecord, decoded: DecodedPacket): void {
    this.#statistics.add(record, decoded);
    const sighting = this.#sighting;
    sighting.record = record;
    sighting.ordinal = this.#series.ordinal(record.number);
    sighting.time = record.time + this.#fileOffset;
    this.#tunnelSides = 0;
    const key = this.#key;
    key.direction = decoded.direction === DIRECTION.unknown ? record.direction : decoded.direction;
    key.place = this.#placeOf(record, decoded);
    for (let depth = 0; depth < decoded.depth; depth++) {
      const packet = decoded.ip[depth];
      if (packet === undefined) return;
      // What ended decoding early ended the innermost packet.
      sighting.isWhole = depth + 1 < decoded.depth || isReadToItsEnd(decoded);
      if (depth > 0) this.#enterTunnel(decoded.ip[depth - 1], packet, depth);
      if (key.place === NOT_INTERNED) this.#statistics.overflow++;
      else this.#addPacket(packet);
    }
  }

  /** Every connection so far: by first time, then by tuple. Made one by one, as it is asked for. */
  connections(): Iterable<Connection> {
    return this.list();
  }

  /** The same, for who need not see each. What is added later is not in it. */
  list(): ConnectionList {
    const surroundings = {
      table: this.#table,
      memory: this.#memory,
      point: this.#point,
      baseTime: this.#baseTime ?? epochNs(0n),
      addresses: this.#addresses,
      places: this.#places,
      series: this.#series,
      icmpErrors: this.#icmpErrors,
      interfaceNames: this.#interfaceNames,
      points: new Map(),
    };
    return new ConnectionList(surroundings, this.#forwarded);
  }

  get count(): number {
    return this.#table.count;
  }

  statistics(): FlowStatistics {
    return this.#statistics.summary(this.#fragments.withoutFirst);
  }

  #placeOf(record: CaptureRecord, { interfaceIndex }: DecodedPacket): number {
    if (interfaceIndex > 0) {
      return this.#places.ofInterface(NUMBERED_BY.interfaceIndex, interfaceIndex);
    }
    return this.#places.ofInterface(NUMBERED_BY.interfaceId, record.interfaceId);
  }

  #enterTunnel(outer: IpPacket | undefined, inner: IpPacket, depth: number): void {
    const key = this.#key;
    if (outer === undefined || key.place === NOT_INTERNED) return;
    key.place = this.#places.inTunnel(key.place, outer, inner);
    if (this.#places.sourceIsLow(outer)) this.#tunnelSides |= 1 << (depth - 1);
  }

  #addPacket(packet: IpPacket): void {
    if (packet.fragmentOffset > 0) {
      this.#addLaterFragment(packet);
      return;
    }
    if (!packet.hasTransport && NEEDS_PORTS.has(packet.protocol)) {
      this.#statistics.withoutPorts++;
      return;
    }
    if (packet.quoted !== undefined && this.#addIcmpError(packet, packet.quoted)) return;
    const index = this.#connectionOf(packet);
    if (index === NONE) {
      this.#statistics.overflow++;
      return;
    }
    followPacket(this.#cursor, packet, this.#sighting);
    this.#watch?.({ connection: index, packet });
    if (this.#memory !== undefined) this.#memory.add(index, this.#cursor, packet, this.#sighting);
    if (this.#sighting.forwarded !== undefined) this.#keepForwarded(index);
    if (packet.moreFragments) this.#addFirstFragment(index, packet);
  }

  #keepForwarded(connection: number): void {
    const { forwarded } = this.#sighting;
    if (forwarded) this.#forwarded.set(connection, forwarded);
    this.#sighting.forwarded = undefined;
  }

  /** The connection of a packet, a new one if need be, under the cursor. `NONE` when there are too many. */
  #connectionOf(packet: IpPacket): number {
    const key = this.#key;
    if (!key.fill(packet, this.#addresses)) return NONE;
    const known = this.#table.find(key);
    if (known === NONE) return this.#begin(packet);
    this.#placeCursor(known, key.sourceIsLow);
    if (!isReuse(this.#cursor, packet)) return known;
    this.#table.retire(known);
    return this.#begin(packet);
  }

  #begin(packet: IpPacket): number {
    const key = this.#key;
    const index = this.#table.add(key);
    if (index === NONE) return NONE;
    const view = this.#table.slab(index);
    const record = recordOffset(index);
    const isFlipped =
      packet.protocol === IP_PROTOCOL.tcp && (packet.flags & SYN_ACK_RST) === (SYN | ACK);
    const originatorIsHigh = key.sourceIsLow === isFlipped;
    const flags =
      (originatorIsHigh ? FLAG_ORIGINATOR_HIGH : 0) |
      (key.sourceIsLow ? 0 : FLAG_FIRST_SENDER_HIGH);
    view.setUint8(record + FLAGS, flags);
    view.setUint8(record + TUNNEL_SIDES, this.#tunnelSides);
    view.setFloat64(record + FIRST_TIME, this.#sighting.time, true);
    view.setFloat64(record + LAST_TIME, this.#sighting.time, true);
    this.#placeCursor(index, key.sourceIsLow);
    if (isFlipped) addLetter({ view, record, isOriginator: true }, LETTER.flipped);
    return index;
  }

  #placeCursor(index: number, isLow: boolean): void {
    this.#cursor.place(this.#table.slab(index), recordOffset(index), isLow);
  }

  /** True when the error's connection is known: it is no packet of that connection, and no other's. */
  #addIcmpError(packet: IpPacket, quoted: IpPacket): boolean {
    if (!isIcmpError(packet) || quoted.fragmentOffset > 0) return false;
    const index = this.#quotedConnection(quoted);
    if (index === NONE) return false;
    const view = this.#table.slab(index);
    const at = recordOffset(index) + ICMP_ERRORS;
    if (view.getUint32(at, true) === 0) view.setUint32(at, this.#icmpErrors.add() + 1, true);
    this.#icmpErrors.append(view.getUint32(at, true) - 1, {
      type: packet.icmpType,
      code: packet.icmpCode,
      version: packet.version,
      from: this.#addresses.word(packet.source, packet.version),
      packet: this.#sighting.ordinal,
    });
    this.#watch?.({ connection: index, packet });
    return true;
  }

  /** An error goes against the packet it quotes, so that one went the other way at this interface. */
  #quotedConnection(quoted: IpPacket): number {
    const key = this.#quotedKey;
    key.place = this.#key.place;
    for (const direction of QUOTED_DIRECTIONS[this.#key.direction]) {
      key.direction = direction;
      if (!key.fill(quoted, this.#addresses)) return NONE;
      const index = this.#table.find(key);
      if (index !== NONE) return index;
    }
    return NONE;
  }

  #addFirstFragment(connection: number, packet: IpPacket): void {
    const row = this.#fragments.row(this.#fragmentPlace(), packet);
    row.connection = connection;
    row.sourceIsLow = this.#key.sourceIsLow;
    addHeld(this.#cursor, packet.protocol, row.release());
  }

  #addLaterFragment(packet: IpPacket): void {
    const row = this.#fragments.row(this.#fragmentPlace(), packet);
    if (row.connection === NONE) {
      row.hold(this.#sighting.record.originalLength, packet);
      return;
    }
    this.#placeCursor(row.connection, row.sourceIsLow);
    followFragment(this.#cursor, packet, this.#sighting);
    this.#watch?.({ connection: row.connection, packet });
  }

  /** Where fragments must have been seen together: also in the same direction. */
  #fragmentPlace(): number {
    return this.#key.place * 4 + this.#key.direction;
  }
}

/** Where a layer is not ours to read, the headers before it are whole. */
function isReadToItsEnd({ stop }: DecodedPacket): boolean {
  return stop === undefined || stop.kind === "unsupported";
}

const SYN_ACK_RST = SYN | ACK | RST;

/** Protocols whose packets say nothing without their ports. */
const NEEDS_PORTS: ReadonlySet<number> = new Set([
  IP_PROTOCOL.tcp,
  IP_PROTOCOL.udp,
  IP_PROTOCOL.sctp,
]);

/** By the direction of an ICMP error: the directions its quoted packet may have had, likeliest first. */
const QUOTED_DIRECTIONS: Readonly<Record<Direction, readonly Direction[]>> = {
  [DIRECTION.unknown]: [DIRECTION.unknown, DIRECTION.in, DIRECTION.out],
  [DIRECTION.in]: [DIRECTION.out, DIRECTION.in, DIRECTION.unknown],
  [DIRECTION.out]: [DIRECTION.in, DIRECTION.out, DIRECTION.unknown],
};
