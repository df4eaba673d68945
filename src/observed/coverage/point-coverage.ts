/** Facts about what the captures of one capture point could have seen. No judgement yet. */
import { placeOf, type PointPlace } from "#cluster/point-role.js";
import type { EpochNs } from "#net/types.js";
import type { CaptureSummary } from "#observed/capture/summary.js";
import type { Connection } from "#observed/flow/connection.js";
import type { FlowStatistics } from "#observed/flow/statistics.js";
import { droppedBy, NO_LOSSES, withConnection, withDropped, type Losses } from "./losses.js";
import type { PacketCounts } from "./packet-tally.js";

/** What was read of a capture point, besides its connections. */
export interface ReadPoint {
  readonly name: string;
  readonly captures: readonly CaptureSummary[];
  readonly statistics: FlowStatistics;
  /** Undefined where single packets were not counted. */
  readonly packets?: PacketCounts | undefined;
}

export interface PointCoverage extends ReadPoint {
  readonly place: PointPlace;
  readonly records: number;
  /** Of the earliest and the latest record; undefined when there is none. */
  readonly first: EpochNs | undefined;
  readonly last: EpochNs | undefined;
  readonly losses: Losses;
  readonly connections: ConnectionCounts;
}

export interface ConnectionCounts {
  readonly all: number;
  readonly tcp: number;
  /** TCP without a SYN or SYN-ACK. */
  readonly midStream: number;
  /** TCP of which one side is there, which acknowledges what the other sent. */
  readonly oneSided: number;
  /** Packets by the way they went at their interface, where the file tells. */
  readonly inbound: number;
  readonly outbound: number;
  readonly unknownWay: number;
  /** Packets seen again at the same point. */
  readonly copies: number;
  /** Interfaces told apart within the files. */
  readonly interfaces: number;
  /** What all of them have in common; undefined where nothing is, or there are fewer than two. */
  readonly common: Common | undefined;
  /** True when no time is finer than a microsecond. */
  readonly isCoarse: boolean;
}

export interface Common {
  readonly protocol: string | undefined;
  readonly port: number | undefined;
  readonly address: string | undefined;
}

/** Of each point in the order given. The connections are gone through once. */
export function pointCoverages(
  points: readonly ReadPoint[],
  connections: Iterable<Connection>,
): readonly PointCoverage[] {
  const tallies = new Map(points.map(({ name }) => [name, new ConnectionTally()]));
  for (const connection of connections) tallies.get(connection.point.name)?.add(connection);
  return points.map((point) => coverageOf(point, tallies.get(point.name) ?? new ConnectionTally()));
}

function coverageOf(point: ReadPoint, tally: ConnectionTally): PointCoverage {
  const { captures } = point;
  const times = captures.flatMap(({ firstTime, lastTime }) => [firstTime, lastTime]);
  const known = times.flatMap((time) => time ?? []).sort((a, b) => (a < b ? -1 : 1));
  return {
    ...point,
    place: placeOf(point.name),
    records: captures.reduce((total, { records }) => total + records, 0),
    first: known[0],
    last: known.at(-1),
    losses: captures.reduce(
      (losses, { interfaces }) => withDropped(losses, droppedBy(interfaces)),
      tally.losses,
    ),
    connections: tally.counts(),
  };
}

const US = 1000n;

class ConnectionTally {
  losses: Losses = NO_LOSSES;
  #all = 0;
  #tcp = 0;
  #midStream = 0;
  #oneSided = 0;
  #inbound = 0;
  #outbound = 0;
  #unknownWay = 0;
  #copies = 0;
  #isCoarse = true;
  readonly #interfaces = new Set<string | undefined>();
  #protocol: string | undefined;
  #ports = new Set<number>();
  #addresses = new Set<string>();

  add(connection: Connection): void {
    const { point, protocol, directions, packets, first, last } = connection;
    this.losses = withConnection(this.losses, connection);
    this.#interfaces.add(point.interface);
    this.#copies += directions[0].copies + directions[1].copies;
    this.#isCoarse &&= first % US === 0n && last % US === 0n;
    this.#addWays(point.direction, packets);
    this.#addCommon(connection);
    this.#all++;
    if (protocol !== "tcp") return;
    this.#tcp++;
    if (directions.every(({ syns }) => syns === 0)) this.#midStream++;
    if (isOneSided(connection)) this.#oneSided++;
  }

  /** The point's direction is the originator's; the responder's packets go the other way. */
  #addWays(way: "in" | "out" | undefined, [sent, answered]: Connection["packets"]): void {
    if (way === undefined) this.#unknownWay += sent + answered;
    else if (way === "in") {
      this.#inbound += sent;
      this.#outbound += answered;
    } else {
      this.#outbound += sent;
      this.#inbound += answered;
    }
  }

  #addCommon({ protocol, originator, responder }: Connection): void {
    const ports = [originator.port, responder.port];
    const addresses = [originator.address, responder.address];
    if (this.#all === 0) {
      this.#protocol = protocol;
      this.#ports = new Set(ports);
      this.#addresses = new Set(addresses);
      return;
    }
    if (this.#protocol !== protocol) this.#protocol = undefined;
    this.#ports = new Set(ports.filter((port) => this.#ports.has(port)));
    this.#addresses = new Set(addresses.filter((address) => this.#addresses.has(address)));
  }

  counts(): ConnectionCounts {
    const [port] = this.#ports.size === 1 ? this.#ports : [];
    const [address] = this.#addresses.size === 1 ? this.#addresses : [];
    const common = { protocol: this.#protocol, port, address };
    const hasCommon = Object.values(common).some((value) => value !== undefined);
    return {
      all: this.#all,
      tcp: this.#tcp,
      midStream: this.#midStream,
      oneSided: this.#oneSided,
      inbound: this.#inbound,
      outbound: this.#outbound,
      unknownWay: this.#unknownWay,
      copies: this.#copies,
      interfaces: this.#interfaces.size,
      common: this.#all > 1 && hasCommon ? common : undefined,
      isCoarse: this.#isCoarse,
    };
  }
}

/** The side that is there goes on after its SYN, so the other has answered, unseen. */
function isOneSided({ packets, directions }: Connection): boolean {
  return ([0, 1] as const).some((side) => {
    const { syns, resets, copies } = directions[side];
    return packets[1 - side] === 0 && packets[side] > syns + resets + copies;
  });
}
