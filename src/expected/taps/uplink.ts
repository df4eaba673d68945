/** A node's way to other machines: packets as they are on the wire, the pod network's in VXLAN. */
import { firstOfKind, interfaceKind } from "#expected/network/interfaces.js";
import { routeTo } from "#expected/netfilter/routing.js";
import type { Address } from "#net/address.js";
import { nodePoint, seenArriving, seenLeaving, type Crossing } from "./crossing.js";
import type { PredictedSighting, TapPoint } from "./predicted-sighting.js";

export function atUplink(crossing: Crossing): readonly PredictedSighting[] {
  if (crossing.hop.namespace.kind !== "node") return [];
  return [...arriving(crossing), ...leaving(crossing)];
}

function arriving(crossing: Crossing): readonly PredictedSighting[] {
  const { hop, previous } = crossing;
  if (hop.arrival.from === "process") return [];
  const { name } = hop.arrival;
  if (kindOf(crossing, name) === "uplink") {
    return [seenArriving(crossing, nodePoint(crossing, { name, kind: "uplink" }))];
  }
  const outer = previous?.outer;
  const point = outer && uplinkTowards(crossing, outer.source.address);
  return point ? [{ ...seenArriving(crossing, point), outer }] : [];
}

function leaving(crossing: Crossing): readonly PredictedSighting[] {
  const { outer, trace } = crossing.hop;
  if (trace.out !== undefined && kindOf(crossing, trace.out) === "uplink") {
    return [seenLeaving(crossing, nodePoint(crossing, { name: trace.out, kind: "uplink" }))];
  }
  const point = outer && uplinkTowards(crossing, outer.destination.address);
  return point ? [{ ...seenLeaving(crossing, point), outer }] : [];
}

function kindOf({ network, hop }: Crossing, name: string): TapPoint["kind"] {
  return interfaceKind(network, { node: hop.namespace.name, name });
}

/** The encapsulated packet is routed like any other. */
function uplinkTowards(crossing: Crossing, address: Address): TapPoint | undefined {
  const { network, state, hop } = crossing;
  const node = hop.namespace.name;
  const routed = routeTo(state, address)?.hops[0]?.device;
  const name =
    routed !== undefined && kindOf(crossing, routed) === "uplink"
      ? routed
      : firstOfKind(network, { node, kind: "uplink" });
  return name === undefined ? undefined : nodePoint(crossing, { name, kind: "uplink" });
}
