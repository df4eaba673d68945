/** The copy that a promiscuous capture on a bridge makes of a packet that was translated there. */
import { isBridged } from "#expected/network/bridged.js";
import { portOfPod } from "#expected/network/interfaces.js";
import type { Crossing } from "./crossing.js";
import type { PredictedSighting, TapPoint } from "./predicted-sighting.js";
import { tupleAfter } from "./tuple-after.js";

const COPIED =
  "a promiscuous capture on the bridge passes a translated frame up as well, and the node routes this copy, which nothing masquerades (linux net/bridge/br_input.c br_handle_frame_finish, br_pass_frame_up)";

/**
 * The frame was rewritten for another port and still counts as one for the node, so a bridge that
 * takes everything also hands it to the node's routing. With its TTL lowered and its source as it
 * came, the copy leaves by the same bridge.
 */
export function atDuplicate(crossing: Crossing): readonly PredictedSighting[] {
  const { network, state, hop, next, direction, ttlBefore } = crossing;
  const { trace, arrival, namespace } = hop;
  if (namespace.kind !== "node" || next?.namespace.kind !== "pod") return [];
  const isTurned = trace.first.destination.address !== trace.final.destination.address;
  if (!isTurned || !isBridged(state, { arrival, trace })) return [];
  const pod = network.topology.pods.find(({ name }) => name === next.namespace.name);
  const port = pod && portOfPod(network, pod);
  if (pod === undefined || port === undefined) return [];
  const shape = { namespace, pod: undefined };
  const points: readonly TapPoint[] = [
    { ...shape, interface: trace.out, kind: "bridge" },
    { ...shape, interface: port.veth, kind: "veth", pod: pod.name },
    { ...shape, namespace: next.namespace, interface: "eth0", kind: "uplink" },
  ];
  const tuple = tupleAfter(trace, "prerouting");
  return points.map((point) => ({
    point,
    direction,
    tuple,
    outer: undefined,
    ttlLowered: ttlBefore + 1,
    seen: "may",
    why: COPIED,
  }));
}
