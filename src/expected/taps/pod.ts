/** A pod's eth0, which shows what its sockets send and get. */
import { seenArriving, seenLeaving, type Crossing } from "./crossing.js";
import type { PredictedSighting, TapPoint } from "./predicted-sighting.js";

export function atPod(crossing: Crossing): readonly PredictedSighting[] {
  const { namespace, arrival } = crossing.hop;
  if (namespace.kind !== "pod") return [];
  const point: TapPoint = {
    namespace,
    interface: "eth0",
    kind: "uplink",
    pod: undefined,
  };
  return [
    ...(arrival.from === "interface" ? [seenArriving(crossing, point)] : []),
    // Where nobody answers for an address of the pod's own subnet, nothing is sent to it.
    ...(crossing.next === undefined ? [] : [seenLeaving(crossing, point)]),
  ];
}
