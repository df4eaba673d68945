import type { CapturePoint } from "#cluster/capture-point.js";
import { placeOf, placeOfInterface, type PointPlace } from "#cluster/point-role.js";
import type { Topology } from "#cluster/topology.js";
import type { Prefix } from "#net/prefix.js";
import type { EpochNs } from "#net/types.js";
import {
  describeLosses,
  NO_LOSSES,
  type Losses,
  unseenIn,
  withConnection,
  withDropped,
} from "#observed/coverage/losses.js";
import { describeSetBack } from "#observed/coverage/set-back.js";
import type { Connection } from "#observed/flow/connection.js";

/** A capture point as the run has it: where it is, and what its captures could have seen. */
export interface Point {
  /** What connections name it by; see `pointKey`. */
  readonly key: string;
  /** What the report calls it: with the interface's name where a topology tells it. */
  readonly name: string;
  readonly place: PointPlace;
  /** Of the client that it was taken at, where the topology lists one by that name. */
  readonly clientAddresses?: readonly Prefix[] | undefined;
  /** Why it was not taken inside a pod; undefined when nothing says so. */
  readonly notPod: string | undefined;
  readonly files: readonly string[];
  readonly records: number;
  /** Undefined when nothing was recorded. */
  readonly first: EpochNs | undefined;
  readonly last: EpochNs | undefined;
  /** What shows that the capture lacks packets that passed; undefined when nothing does. */
  readonly lost: string | undefined;
  /** Packets that the kernel dropped of it; undefined where its files do not say. */
  readonly dropped: number | undefined;
  /** Packets cut before their ports: of which connection they are nobody knows. */
  readonly withoutPorts: number;
  /** Names of points whose times cannot be held against its own; none when nothing is said. */
  readonly apartFrom?: ReadonlySet<string> | undefined;
  /** A clause: how its own times contradict each other; undefined where they do not. */
  readonly setBack?: string | undefined;
}

/** One interface is one point, whichever way its packets went. */
export function pointKey({ name, interface: port }: CapturePoint): string {
  return port === undefined ? name : `${name}/${port}`;
}

/** `pod-web.lo`: what the pod's containers and a sidecar say to each other, and nobody from outside. */
export function isPodLoopback({ name, place }: Point): boolean {
  return place.role === "pod" && /[./]lo$/.test(name);
}

/** A capture as the run read it. */
export interface ReadCapture {
  /** The capture point's name. */
  readonly point: string;
  readonly file: string;
  readonly records: number;
  readonly first: EpochNs | undefined;
  readonly last: EpochNs | undefined;
  /** As interface statistics of pcapng tell; undefined where the file says nothing. */
  readonly dropped?: number | undefined;
  /** Packets of the capture point that were cut before their ports; 0 when nothing is said. */
  readonly withoutPorts?: number;
  /** How far a record's time lies behind that of the record before, at most; 0 when nothing is said. */
  readonly farthestBackNs?: number;
  /** Names of capture points whose clocks cannot be held against its own; none when nothing is said. */
  readonly apartFrom?: ReadonlySet<string>;
}

/** Every point of the run: one per capture, or one per interface that a capture of several shows. */
export function pointsOf(
  captures: readonly ReadCapture[],
  connections: readonly Connection[],
  topology: Topology | undefined,
): ReadonlyMap<string, Point> {
  const points = new Map<string, Point>();
  const unseen = lossesByName(connections);
  const lossesOf = ({ key, dropped }: Point): string | undefined =>
    describeLosses(withDropped(unseen.get(key) ?? NO_LOSSES, dropped));
  for (const capture of captures) {
    const known = points.get(capture.point);
    points.set(capture.point, known ? joined(known, capture) : pointOf(capture, topology));
  }
  for (const [key, point] of points) points.set(key, { ...point, lost: lossesOf(point) });
  for (const { point } of connections) {
    const parent = points.get(point.name);
    const key = pointKey(point);
    if (!parent || point.interface === undefined || points.has(key)) continue;
    const { interfaceName, ...place } = placeOfInterface(parent.place, point.interface, topology);
    points.set(key, { ...parent, key, name: `${parent.name}/${interfaceName}`, place });
    // `-i any` in a pod: what its interfaces show is told of them, and nothing of the file beside them.
    if (parent.place.role === "pod") {
      points.set(parent.key, { ...parent, place: { ...parent.place, role: "unknown" } });
    }
  }
  return points;
}

/** All interfaces of a file share the kernel's buffer for it. */
function lossesByName(connections: readonly Connection[]): ReadonlyMap<string, Losses> {
  const byName = new Map<string, Losses>();
  for (const connection of connections) {
    if (unseenIn(connection) === 0) continue;
    const { name } = connection.point;
    byName.set(name, withConnection(byName.get(name) ?? NO_LOSSES, connection));
  }
  return byName;
}

function pointOf(capture: ReadCapture, topology: Topology | undefined): Point {
  const { point, file, records, first, last, dropped, withoutPorts = 0, apartFrom } = capture;
  const place = placeOf(point, topology);
  const clientAddresses = clientAt(place, point, topology);
  const files = [file];
  const setBack = describeSetBack(capture.farthestBackNs ?? 0);
  const name = point;
  return {
    key: point,
    name,
    place,
    clientAddresses,
    notPod: undefined,
    files,
    records,
    first,
    last,
    lost: undefined,
    dropped,
    withoutPorts,
    apartFrom,
    setBack,
  };
}

/** `client.eth0` is the capture of the topology's `client`. */
function clientAt(
  { role }: PointPlace,
  point: string,
  topology: Topology | undefined,
): readonly Prefix[] | undefined {
  if (role !== "client") return undefined;
  const [name] = point.split(/[./]/);
  return topology?.clients.find((client) => client.name === name)?.addresses;
}

/** The next file of a rotated series. */
function joined(point: Point, capture: ReadCapture): Point {
  const { file, records, first, last, dropped, farthestBackNs = 0 } = capture;
  return {
    ...point,
    setBack: point.setBack ?? describeSetBack(farthestBackNs),
    dropped: withDropped({ ...NO_LOSSES, dropped: point.dropped }, dropped).dropped,
    files: [...point.files, file],
    records: point.records + records,
    first: earlier(point.first, first),
    last: later(point.last, last),
  };
}

function earlier(a: EpochNs | undefined, b: EpochNs | undefined): EpochNs | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function later(a: EpochNs | undefined, b: EpochNs | undefined): EpochNs | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
