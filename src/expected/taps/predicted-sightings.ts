/** Everything that captures can show of a path's first packet and of the answer to it. */
import type { Network } from "#expected/network/namespaces.js";
import type { Path } from "#expected/network/path.js";
import { formatPredictedTuple, type PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { resetsOf } from "#expected/network/reset.js";
import { atBridge } from "./bridge.js";
import { crossingsOf, type Crossing } from "./crossing.js";
import { atDuplicate } from "./duplicate.js";
import { atLoopback } from "./loopback.js";
import { atOutside } from "./outside.js";
import { atOverlay } from "./overlay.js";
import { atPod } from "./pod.js";
import type { PredictedSighting } from "./predicted-sighting.js";
import { atRefusal } from "./refusal.js";
import { atUplink } from "./uplink.js";
import { atVeth } from "./veth.js";

/** Every kind of capture point within the cluster. */
const SHOWN_AT: readonly ((crossing: Crossing) => readonly PredictedSighting[])[] = [
  atUplink,
  atOverlay,
  atBridge,
  atVeth,
  atPod,
  atLoopback,
  atDuplicate,
];

/** In the order of the way; `any` shows what the interfaces of its namespace show. */
export function predictedSightings(network: Network, path: Path): readonly PredictedSighting[] {
  const requests = crossingsOf(network, { direction: "request", hops: path.request });
  const replies = crossingsOf(network, { direction: "reply", hops: path.reply?.hops ?? [] });
  const resets = crossingsOf(network, { direction: "request", hops: resetsOf(network, path) });
  const plain = [...atOutside(path), ...requests.flatMap(shownBy), ...replies.flatMap(shownBy)];
  const sightings = [
    ...plain,
    ...atRefusal(network, path, plain),
    ...resets
      .flatMap(shownBy)
      .map((sighting) => ({ ...sighting, seen: "may", why: RESET }) as const),
  ];
  return [...new Map(sightings.map((sighting) => [keyOf(sighting), sighting])).values()];
}

function shownBy(crossing: Crossing): readonly PredictedSighting[] {
  return SHOWN_AT.flatMap((shown) => shown(crossing));
}

const RESET =
  "the dialling socket does not know this answer, and its stack resets what sent it (RFC 9293 §3.10.7)";

function keyOf({ point, direction, tuple, outer, ttlLowered }: PredictedSighting): string {
  const { namespace, interface: name, kind, pod } = point;
  const where = [namespace.kind, "name" in namespace ? namespace.name : "", name, kind, pod];
  return [...where, direction, ttlLowered, textOf(tuple), textOf(outer)].join(" ");
}

function textOf(tuple: PredictedTuple | undefined): string {
  return tuple === undefined ? "" : formatPredictedTuple(tuple);
}
