/** Takes what is wanted out of captures that are read a second time: copies, as few as will do. */
import { sameEndpoint, type Endpoint } from "#net/five-tuple.js";
import { epochNs, type EpochNs } from "#net/types.js";
import type { CaptureRecord, Direction, RecordSink } from "#observed/capture/record.js";
import type { CaptureSummary } from "#observed/capture/summary.js";
import { addressText } from "#observed/decode/address-text.js";
import type { IpPacket } from "#observed/decode/packet.js";
import type { CitedCheck, WantedOfFile, WantedPackets, WantedSighting } from "./wanted-packets.js";

/** Of each direction of a connection at each place, from its first packet on. */
export const KEPT_PER_DIRECTION = 10;

/** The most that is held, whatever failed. */
const MAX_PACKETS = 200_000;
const MAX_BYTES = 256 * 1024 * 1024;

export interface KeptPacket {
  /** The capture point's name. */
  readonly point: string;
  readonly file: string;
  /** Position in that file, from 1. */
  readonly number: number;
  /** Index into the file's `CaptureSummary.interfaces`. */
  readonly interfaceId: number;
  readonly time: EpochNs;
  readonly bytes: Uint8Array;
  readonly originalLength: number;
  readonly direction: Direction;
  readonly parts: readonly StoryPart[];
  /** Failed checks that cite it. */
  readonly cited: readonly CitedCheck[];
}

/** What a packet is to a connection. */
export interface StoryPart {
  readonly id: string;
  /** Where the report says that it was seen; with the interface, where a file has several. */
  readonly at: string;
  readonly kind: "request" | "reply" | "ICMP error";
}

interface Followed {
  readonly sighting: WantedSighting;
  readonly counts: Record<StoryPart["kind"], number>;
}

interface Reading {
  readonly file: string;
  readonly wanted: WantedOfFile | undefined;
}

/** Its time is known when its file was read. */
interface Untimed extends Omit<KeptPacket, "time"> {
  readonly sinceBase: number;
}

export class PacketKeeper {
  readonly kept: KeptPacket[] = [];
  readonly #wanted: WantedPackets;
  #leftOut = 0;
  #cited = 0;
  #bytes = 0;
  #reading: Reading | undefined;
  /** By the tracker's number of the connection. */
  #followed = new Map<number, Followed[]>();
  #point = "";
  #untimed: Untimed[] = [];
  #parts: StoryPart[] = [];
  #number = 0;

  constructor(wanted: WantedPackets) {
    this.#wanted = wanted;
  }

  /** Packets that were wanted and had no room. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Cited packets that the second reading did not meet: a capture that changed meanwhile. */
  get missing(): number {
    const wanted = [...this.#wanted.files.values()].reduce(
      (sum, { evidence }) => sum + evidence.size,
      0,
    );
    return wanted - this.#cited;
  }

  wants(files: readonly { readonly name: string }[]): boolean {
    return files.some(({ name }) => this.#wanted.files.has(name));
  }

  /** Connections are numbered afresh. */
  startPoint(point: string): void {
    this.#point = point;
    this.#followed = new Map();
  }

  startFile(file: string): void {
    this.#reading = { file, wanted: this.#wanted.files.get(file) };
  }

  /** What reading the file to its end has told: what its times count from. */
  finishFile({ baseTime = epochNs(0n) }: Pick<CaptureSummary, "baseTime">): void {
    for (const { sinceBase, ...packet } of this.#untimed) {
      this.kept.push({ ...packet, time: epochNs(baseTime + BigInt(Math.round(sinceBase))) });
    }
    this.#untimed = [];
  }

  /** `follow` hands the record to a tracker that tells `watch` of its connections. */
  around(follow: RecordSink): RecordSink {
    return (record) => {
      this.#parts = [];
      this.#number = record.number;
      follow(record);
      this.#keep(record);
    };
  }

  readonly watch = (seen: { readonly connection: number; readonly packet: IpPacket }): void => {
    const { connection, packet } = seen;
    const found = this.#reading?.wanted?.sightings.get(this.#number);
    for (const sighting of found ?? []) this.#recognise(connection, { sighting, packet });
    for (const one of this.#followed.get(connection) ?? []) {
      const kind = kindOf(packet, one.sighting);
      if (one.counts[kind]++ >= KEPT_PER_DIRECTION) continue;
      this.#parts.push({ id: one.sighting.id, at: one.sighting.point, kind });
    }
  };

  /** The packet that the report cites says which connection it is about. */
  #recognise(
    connection: number,
    { sighting, packet }: { readonly sighting: WantedSighting; readonly packet: IpPacket },
  ): void {
    const known = this.#followed.get(connection) ?? [];
    if (known.some((one) => one.sighting.id === sighting.id) || !isOf(packet, sighting)) return;
    const counts = { request: 0, reply: 0, "ICMP error": 0 };
    this.#followed.set(connection, [...known, { sighting, counts }]);
  }

  #keep(record: CaptureRecord): void {
    if (!this.#reading) return;
    const { wanted, file } = this.#reading;
    const cited = wanted?.evidence.get(record.number) ?? [];
    if (this.#parts.length === 0 && cited.length === 0) return;
    if (cited.length > 0) this.#cited++;
    const { offset, capturedLength, interfaceId, number, originalLength, direction } = record;
    if (
      this.kept.length + this.#untimed.length === MAX_PACKETS ||
      this.#bytes + capturedLength > MAX_BYTES
    ) {
      this.#leftOut++;
      return;
    }
    this.#bytes += capturedLength;
    const bytes = record.bytes.slice(offset, offset + capturedLength);
    const place = { point: this.#point, file, number, interfaceId };
    const parts = this.#parts;
    const sinceBase = record.time;
    this.#untimed.push({ ...place, sinceBase, bytes, originalLength, direction, parts, cited });
  }
}

function kindOf(packet: IpPacket, { direction, source }: WantedSighting): StoryPart["kind"] {
  if (packet.quoted !== undefined) return "ICMP error";
  if (isSource(packet, source)) return direction;
  return direction === "request" ? "reply" : "request";
}

/** Either way round: of a direction that was not seen, the report cites the other. */
function isOf(packet: IpPacket, { source, destination }: WantedSighting): boolean {
  if (packet.quoted !== undefined) return false;
  const from = sourceOf(packet);
  const to = {
    address: addressText(packet.destination, packet.version),
    port: packet.destinationPort,
  };
  // The ports of a sighting of ICMP are its types.
  const hasPorts = packet.sourcePort !== 0 || packet.destinationPort !== 0;
  const same = (a: Endpoint, b: Endpoint): boolean =>
    hasPorts ? sameEndpoint(a, b) : a.address === b.address;
  return (
    (same(from, source) && same(to, destination)) || (same(from, destination) && same(to, source))
  );
}

/** A later fragment has no ports, and goes the way of its address. */
function isSource(packet: IpPacket, source: Endpoint): boolean {
  const from = sourceOf(packet);
  if (from.address !== source.address) return false;
  return from.port === 0 || from.port === source.port;
}

function sourceOf({ source, version, sourcePort }: IpPacket): Endpoint {
  return { address: addressText(source, version), port: sourcePort };
}
