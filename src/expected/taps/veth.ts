/** The node's end of a pod's veth: packets exactly as the pod's eth0 has them. */
import { portOfPod } from "#expected/network/interfaces.js";
import { seenArriving, seenLeaving, type Crossing } from "./crossing.js";
import type { PredictedSighting, TapPoint } from "./predicted-sighting.js";

export function atVeth(crossing: Crossing): readonly PredictedSighting[] {
  const { hop, previous, next } = crossing;
  if (hop.namespace.kind !== "node") return [];
  const came = previous?.namespace.kind === "pod" ? vethOf(crossing, previous.namespace.name) : [];
  const goes = next?.namespace.kind === "pod" ? vethOf(crossing, next.namespace.name) : [];
  return [
    ...came.map((point) => seenArriving(crossing, point)),
    ...goes.map((point) => seenLeaving(crossing, point)),
  ];
}

function vethOf({ network, hop }: Crossing, name: string): readonly TapPoint[] {
  const pod = network.topology.pods.find((candidate) => candidate.name === name);
  const port = pod && portOfPod(network, pod);
  if (port === undefined) return [];
  return [{ namespace: hop.namespace, interface: port.veth, kind: "veth", pod: name }];
}
