/** Pods that have the same hostPort of one node: the rule that stands first takes every connection. */
import type { Target } from "#cluster/facts.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Sighting } from "./sighting.js";

export function rivalsOf(target: Target, targets: readonly Target[]): readonly Target[] {
  if (target.hostNetwork || target.hostPort === undefined) return [];
  return targets.filter(
    (other) =>
      other.address !== target.address &&
      other.node === target.node &&
      other.hostPort === target.hostPort &&
      other.protocol === target.protocol &&
      (other.hostIP === undefined || target.hostIP === undefined || other.hostIP === target.hostIP),
  );
}

interface Contest {
  readonly target: Target;
  readonly rivals: readonly Target[];
}

/** A capture shows it arrive at another pod of the same hostPort, so that one is judged. */
export function isServedByRival({ connections }: Journey, { target, rivals }: Contest): boolean {
  const arrivesAt = ({ address, port }: Target): boolean =>
    connections.some(
      ({ responder }) =>
        responder.address === address && (port ?? responder.port) === responder.port,
    );
  return rivals.some(arrivesAt) && !arrivesAt(target);
}

/** Why nothing is sure of a connection that no capture shows arrive at either. */
export function rivalObjection(
  sightings: readonly Sighting[],
  { rivals }: Pick<Contest, "rivals">,
): string | undefined {
  const names = rivals.map(({ pod, address }) => pod ?? address).join(" and ");
  if (names === "" || sightings.some(({ stage }) => stage === "delivered")) return undefined;
  return `a capture on the node's bridge (NODE/cni0=FILE), which shows whether ${names} got it: both have this hostPort`;
}
