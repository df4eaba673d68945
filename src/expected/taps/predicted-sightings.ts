/** Everything that captures can show of a path's first packet and of the answer to it. */
import type { Network } from "#expected/network/namespaces.js";
import type { Path } from "#expected/network/path.js";
import { formatPredictedTuple, type PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { atBridge } from "./bridge.js";
import { crossingsOf, type Crossing } from "./crossing.js";
import { atDuplicate } from "./duplicate.js";
import { atLoopback } from "./loopback.js";
import { atOutside } from "./outside.js";
import { atOverlay } from "./overlay.js";
import { atPod } from "./pod.js";
import type { PredictedSighting } from "./predicted-sighting.js";
import { atUplink } from "./uplink.js";
import { atVeth } from "./veth.js";

/** Every kind of capture point within the cluster. */
const TAPS: readonly ((crossing: Crossing) => readonly PredictedSighting[])[] = [
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
  const crossings = [
    ...crossingsOf(network, { direction: "request", hops: path.request }),
    ...crossingsOf(network, { direction: "reply", hops: path.reply?.hops ?? [] }),
  ];
  const sightings = [
    ...atOutside(network, path),
    ...crossings.flatMap((crossing) => TAPS.flatMap((tap) => tap(crossing))),
  ];
  return [...new Map(sightings.map((sighting) => [keyOf(sighting), sighting])).values()];
}

function keyOf({ point, direction, tuple, outer, ttlLowered }: PredictedSighting): string {
  const { namespace, interface: name, kind, pod } = point;
  const where = [namespace.kind, "name" in namespace ? namespace.name : "", name, kind, pod];
  return [...where, direction, ttlLowered, textOf(tuple), textOf(outer)].join(" ");
}

function textOf(tuple: PredictedTuple | undefined): string {
  return tuple === undefined ? "" : formatPredictedTuple(tuple);
}
