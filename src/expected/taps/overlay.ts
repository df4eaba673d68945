/** The pod network's own interface: packets before they are encapsulated, and after. */
import { interfaceKind } from "#expected/network/interfaces.js";
import { nodePoint, seenArriving, seenLeaving, type Crossing } from "./crossing.js";
import type { PredictedSighting } from "./predicted-sighting.js";

export function atOverlay(crossing: Crossing): readonly PredictedSighting[] {
  const { network, hop } = crossing;
  const { namespace, arrival, trace } = hop;
  if (namespace.kind !== "node") return [];
  const isOverlay = (name: string | undefined): name is string =>
    name !== undefined && interfaceKind(network, { node: namespace.name, name }) === "overlay";
  const came = arrival.from === "interface" ? arrival.name : undefined;
  return [
    ...(isOverlay(came)
      ? [seenArriving(crossing, nodePoint(crossing, { name: came, kind: "overlay" }))]
      : []),
    ...(isOverlay(trace.out)
      ? [seenLeaving(crossing, nodePoint(crossing, { name: trace.out, kind: "overlay" }))]
      : []),
  ];
}
