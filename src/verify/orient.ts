/** Turns connections into directed sightings: which end serves, and how far translation has come. */
import { nodeAddresses, type Facts } from "#cluster/facts.js";
import type { Endpoint } from "#net/five-tuple.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Connection } from "#observed/flow/connection.js";
import { turned } from "./turned.js";
import { inPathOrder } from "./path-order.js";
import { isPodLoopback, pointKey, type Point } from "./point.js";
import { isTunnelTransport } from "./tunnel-transport.js";
import { hopsOf, type Sighting, type Stage } from "./sighting.js";

export interface OrientContext {
  readonly facts: Facts;
  readonly points: ReadonlyMap<string, Point>;
}

/** The journey's sightings in the order of their path, or none when it has nothing to do with the target. */
export function sightingsOf(journey: Journey, context: OrientContext): readonly Sighting[] {
  if (!isProtocol(journey.protocol, context.facts)) return [];
  const sightings = journey.connections
    .filter(({ point }) => !isInsidePod(context.points.get(pointKey(point))))
    .flatMap((connection) => sightingsAt(connection, context));
  if (!knowsPort(context) && isDirectionUnknown(journey)) return [];
  if (!sightings.some(({ stage }) => stage !== "elsewhere")) return [];
  return inPathOrder(sightings, ({ direction, ttl, connection }) => ({
    direction,
    ttl,
    time: connection.first,
    rank: undefined,
  }));
}

function isInsidePod(point: Point | undefined): boolean {
  return point !== undefined && isPodLoopback(point);
}

function isProtocol(protocol: string, { target }: Facts): boolean {
  if (target.protocol !== undefined) return protocol === target.protocol;
  return protocol === "tcp" || protocol === "udp" || protocol === "sctp";
}

function sightingsAt(connection: Connection, context: OrientContext): Sighting[] {
  const { originator, responder } = connection;
  const forward = stageOf(responder, connection, context);
  const backward = stageOf(originator, connection, context);
  // A capture that starts in the middle may see the server first.
  if (forward === "elsewhere" && backward !== "elsewhere" && knowsPort(context)) {
    return directed(turned(connection), backward, context);
  }
  return directed(connection, forward, context);
}

/**
 * Without a handshake the first packet seen may be an answer: the pod's own query to a server looks
 * like a client's connection to the pod. Only the ports can tell then.
 */
export function isDirectionUnknown(journey: Journey): boolean {
  return !hasHandshake(journey) && !journey.connections.every(goesToServicePort);
}

/** True when the direction rests on the ports alone. */
export function isDirectionByPort(journey: Journey): boolean {
  return !hasHandshake(journey);
}

function hasHandshake({ protocol, connections }: Journey): boolean {
  return (
    protocol === "tcp" &&
    connections.some(({ directions }) => directions.some(({ isn }) => isn !== undefined))
  );
}

/** From here up Linux gives ports to clients (net.ipv4.ip_local_port_range). */
export const FIRST_CLIENT_PORT = 32_768;

function goesToServicePort({ originator, responder }: Connection): boolean {
  return responder.port < FIRST_CLIENT_PORT && responder.port < originator.port;
}

/** Without a given port any connection of the pod's own would look like one to it. */
const knowsPort = ({ facts: { target, given } }: OrientContext): boolean =>
  target.port !== undefined || given.hostPort !== undefined;

function stageOf(end: Endpoint, { point, protocol }: Connection, context: OrientContext): Stage {
  const { facts } = context;
  const { target } = facts;
  if (target.port === undefined && isTunnelTransport(protocol, end.port)) return "elsewhere";
  const isPort = target.port === undefined || end.port === target.port;
  if (end.address === target.address && isPort) return target.hostNetwork ? "dialled" : "delivered";
  if (target.hostPort === undefined || end.port !== target.hostPort) return "elsewhere";
  if (target.hostIP !== undefined) return end.address === target.hostIP ? "dialled" : "elsewhere";
  const node = nodeAddresses(facts);
  if (node) return node.includes(end.address) ? "dialled" : "elsewhere";
  const role = context.points.get(pointKey(point))?.place.role;
  return role === "uplink" || role === "client" ? "dialled" : "elsewhere";
}

function directed(connection: Connection, stage: Stage, context: OrientContext): Sighting[] {
  const point = context.points.get(pointKey(connection.point));
  if (!point) return [];
  const passage = { connection, stage, point };
  const { originatorFirst, responderFirst } = connection.packetNumbers;
  return [
    ...sightingOf(passage, { direction: "request", side: 0, evidence: originatorFirst }),
    ...sightingOf(passage, { direction: "reply", side: 1, evidence: responderFirst }),
  ];
}

interface Passage {
  readonly connection: Connection;
  readonly stage: Stage;
  readonly point: Point;
}

interface Directed {
  readonly direction: Sighting["direction"];
  readonly side: 0 | 1;
  readonly evidence: Sighting["evidence"] | undefined;
}

function sightingOf(
  { connection, stage, point }: Passage,
  { direction, side, evidence }: Directed,
): readonly Sighting[] {
  const { originator, responder, packets, directions, packetNumbers } = connection;
  const { ttl } = directions[side];
  if (ttl === undefined) return [];
  return [
    {
      point: point.name,
      place: point.place,
      stage,
      connection,
      direction,
      source: side === 0 ? originator : responder,
      destination: side === 0 ? responder : originator,
      ttl: ttl.max,
      hops: hopsOf(ttl.max),
      packets: packets[side],
      evidence: evidence ?? packetNumbers.first,
    },
  ];
}
