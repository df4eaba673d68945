/** A bridge of pods, where packets are seen half translated, or not at all. */
import { bridgeArrivedBy, isBridged, isBridgeNetfilterOn } from "#expected/network/bridged.js";
import { findInterface } from "#expected/netfilter/routing.js";
import type { Trace } from "#expected/netfilter/trace.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { nodePoint, seenArriving, seenLeaving, type Crossing } from "./crossing.js";
import type { PredictedSighting, TapPoint } from "./predicted-sighting.js";
import { lastHookOf, tupleAfter } from "./tuple-after.js";

export function atBridge(crossing: Crossing): readonly PredictedSighting[] {
  if (crossing.hop.namespace.kind !== "node") return [];
  return [...fromPort(crossing), ...toPort(crossing)];
}

const HALF_TRANSLATED =
  "bridge-nf runs nat PREROUTING at the bridge's port, before the bridge is captured (linux net/bridge/br_netfilter_hooks.c br_nf_pre_routing_finish)";
const FROM_PORT_TO_PORT =
  "a frame from port to port passes the bridge only in promiscuous mode, or while its receiver's neighbour entry is not confirmed (linux net/bridge/br_input.c br_handle_frame_finish, br_netfilter_hooks.c br_nf_pre_routing_finish_bridge)";

/** A frame from one of the bridge's ports. */
function fromPort(crossing: Crossing): readonly PredictedSighting[] {
  const { state, hop } = crossing;
  const { trace, arrival } = hop;
  const bridge = bridgeArrivedBy(state, arrival);
  if (bridge === undefined) return [];
  const isHalfTranslated = isBridgeNetfilterOn(state, trace.first.destination.address);
  if (isHalfTranslated && isStoppedAtPort(trace)) return [];
  const tuple = isHalfTranslated ? tupleAfter(trace, "prerouting") : trace.first;
  const sighting = { ...seenArriving(crossing, bridgePoint(crossing, bridge)), tuple };
  if (isBridged(state, { arrival, trace })) {
    return [{ ...sighting, seen: "may", why: FROM_PORT_TO_PORT }];
  }
  return [{ ...sighting, why: isSame(tuple, trace.first) ? undefined : HALF_TRANSLATED }];
}

/** bridge-nf asks PREROUTING for the bridge, so that what it drops never comes to it. */
function isStoppedAtPort(trace: Trace): boolean {
  const isStopped = trace.disposition === "dropped" || trace.disposition === "rejected";
  return isStopped && lastHookOf(trace) === "prerouting";
}

const isSame = (one: PredictedTuple, other: PredictedTuple): boolean =>
  one.destination === other.destination && one.source === other.source;

const NOBODY_THERE =
  "nobody answers for the address, so the packet waits for a neighbour and is not sent";

/** A packet that the node routes or sends to one of them. */
function toPort(crossing: Crossing): readonly PredictedSighting[] {
  const { state, hop, next } = crossing;
  const { trace, arrival } = hop;
  const isBridge = trace.out !== undefined && findInterface(state, trace.out)?.isBridge;
  if (trace.out === undefined || !isBridge || isBridged(state, { arrival, trace })) return [];
  const sighting = seenLeaving(crossing, bridgePoint(crossing, trace.out));
  return next ? [sighting] : [{ ...sighting, seen: "may", why: NOBODY_THERE }];
}

function bridgePoint(crossing: Crossing, name: string): TapPoint {
  return nodePoint(crossing, { name, kind: "bridge" });
}
