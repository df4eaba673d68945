/** Data behind a handshake that one capture point shows and the next does not. */
import { repeatedData } from "#observed/flow/repeated-data.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";
import type { Sighting } from "#verify/sighting.js";
import { wayOf, type WayPoint } from "./way.js";

export interface LostData {
  readonly direction: "request" | "reply";
  /** The furthest point that shows most of it. */
  readonly last: WayPoint;
  /** The first behind it that shows less; undefined where nothing was captured there. */
  readonly first: WayPoint | undefined;
  /** From the last such point to the first that lacks it, or to the end. */
  readonly stretch: readonly WayPoint[];
  /** Of a packet with the first of it on the wire, headers included. */
  readonly lengthBytes: number;
}

export function lostData(theCase: ReplayCase): LostData | undefined {
  if (theCase.journey.protocol !== "tcp") return undefined;
  return lostIn(theCase, "request") ?? lostIn(theCase, "reply");
}

function lostIn(theCase: ReplayCase, direction: LostData["direction"]): LostData | undefined {
  const way = wayOf(theCase, direction);
  const seen = way.map(
    ({ point }) => point && sightingAt(theCase, { point: point.name, direction }),
  );
  const most = Math.max(...seen.map((one) => bytesOf(one) ?? 0));
  const from = seen.findLastIndex((one) => bytesOf(one) === most);
  const [last, sighting] = [way[from], seen[from]];
  if (last === undefined || sighting === undefined || most === 0 || !isRepeated(sighting)) {
    return undefined;
  }
  const to = seen.findIndex((one, at) => at > from && (bytesOf(one) ?? most) < most);
  const isUnheard = factsOf(sighting).isDataAcknowledged === false;
  if (to < 0 && !isUnheard) return undefined;
  const stretch = way.slice(from, to < 0 ? undefined : to + 1);
  return { direction, last, first: way[to], stretch, lengthBytes: lengthOf(sighting) };
}

interface Place {
  readonly point: string;
  readonly direction: LostData["direction"];
}

function sightingAt({ sightings }: ReplayCase, { point, direction }: Place): Sighting | undefined {
  return sightings.find((one) => one.point === point && one.direction === direction);
}

/** Undefined where the beginning was not seen. */
function bytesOf(sighting: Sighting | undefined): number | undefined {
  if (sighting === undefined || factsOf(sighting).isn === undefined) return undefined;
  // A bare FIN or acknowledgement carries the sequence number behind data that was never seen here.
  if (factsOf(sighting).firstPayloadLength === undefined) return 0;
  return sighting.connection.payloadBytes[sideOf(sighting)];
}

function isRepeated(sighting: Sighting): boolean {
  const isReset = sighting.connection.directions.some(({ resets }) => resets > 0);
  return isReset || repeatedData(factsOf(sighting)) > 0;
}

/** IP and TCP headers, with the timestamps that both ends send by default (RFC 7323 §3.2). */
const HEADERS = { ipv4: 20 + 32, ipv6: 40 + 32 } as const;
/** What senders and Ethernet have in common; captures show larger ones that are cut up later. */
const ETHERNET_MTU = 1500;

function lengthOf(sighting: Sighting): number {
  const headers = HEADERS[sighting.source.address.includes(":") ? "ipv6" : "ipv4"];
  return Math.min(ETHERNET_MTU, (factsOf(sighting).firstPayloadLength ?? 0) + headers);
}

function sideOf({ direction }: Sighting): 0 | 1 {
  return direction === "request" ? 0 : 1;
}

function factsOf(sighting: Sighting): Sighting["connection"]["directions"][0] {
  return sighting.connection.directions[sideOf(sighting)];
}
