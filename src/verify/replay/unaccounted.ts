/** Connections that end in a pod of the topology by a way that nothing in it explains. */
import type { Network } from "#expected/network/network.js";
import { podOfAddress } from "#expected/scenarios/whereabouts.js";
import { formatTuple } from "#net/five-tuple.js";
import type { ReplayOutcome } from "./replay-check.js";
import { isDirectionKnown } from "./is-direction-known.js";
import type { SeenFlow } from "./seen-flow.js";

/**
 * What is not judged must not look healthy: a rule that leads to a wrong port, a hostPort that should
 * not be reachable, a connection whose conntrack entry was lost. Undefined where no pod is dialled.
 */
export function unaccounted(
  network: Network,
  flows: readonly SeenFlow[],
): ReplayOutcome | undefined {
  const arrived = flows.find(
    ({ side, connection, tuple, isTunnelled, point }) =>
      side === 0 &&
      isDirectionKnown(connection) &&
      !isTunnelled &&
      isNearPod(point.place.role) &&
      podOfAddress(network.topology, tuple.destination.address) !== undefined,
  );
  if (!arrived) return undefined;
  return {
    verdict: "inconclusive",
    expected: "a connection that the topology lets somebody make",
    observed: `${formatTuple(arrived.tuple)} (${arrived.point.name}): nothing in the topology leads there`,
    flows: [arrived],
    missing: [
      "the pod's port in the topology (a Service's targetPort, hostPorts, ports), or what dials it past them",
    ],
  };
}

/** Where a packet has its last addresses. */
function isNearPod(role: string): boolean {
  return role === "pod" || role === "veth";
}
