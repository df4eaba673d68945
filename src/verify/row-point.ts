/** Which row of a scenario a capture point is. */
import type { Facts } from "#cluster/facts.js";
import type { RowPoint } from "#expected/scenarios/scenario.js";
import type { Point } from "./point.js";

export interface Home {
  /** The node that serves the port; undefined when neither topology nor point names tell. */
  readonly node: string | undefined;
  /** Names of the points in the target pod's own namespace. */
  readonly podPoints: ReadonlySet<string>;
  readonly facts: Facts;
}

/** Undefined when the point's name does not tell, so that nothing is expected there. */
export function rowPointOf({ name, place }: Point, home: Home): RowPoint | undefined {
  const { node } = place;
  const isElsewhere = node !== undefined && home.node !== undefined && node !== home.node;
  switch (place.role) {
    case "client":
      return "client";
    case "pod":
      // What a pod's lo shows, no row says: a sidecar's connections, and the pod's to itself.
      if (/[./]lo$/.test(name)) return undefined;
      return home.podPoints.has(name) ? "pod" : "client-pod";
    case "veth":
      return vethOf(place.pod, isElsewhere, home);
    case "uplink":
      if (home.node === undefined && node !== undefined) return undefined;
      return isElsewhere ? "client-uplink" : "uplink";
    case "bridge":
      if (isOtherBridge(name, home)) return undefined;
      return isElsewhere ? "client-bridge" : "bridge";
    case "loopback":
    case "overlay":
      return isElsewhere ? undefined : place.role;
    case "any":
    case "unknown":
      return undefined;
  }
}

/** Docker's bridge beside the CNI's: the pod's packets never pass it. */
function isOtherBridge(name: string, { facts: { given } }: Home): boolean {
  const networks = given.topology?.nodes.flatMap(({ docker }) => docker?.networks ?? []) ?? [];
  return networks.some(({ bridge }) => name.endsWith(`/${bridge}`) || name.endsWith(`.${bridge}`));
}

function vethOf(pod: string | undefined, isElsewhere: boolean, home: Home): RowPoint | undefined {
  const target = home.facts.target.pod;
  if (isElsewhere) return "client-veth";
  if (pod === undefined || target === undefined) return undefined;
  return pod === target ? "veth" : "client-veth";
}

/** The serving node's name: the topology's, or the only one that the points' names have. */
export function homeNode(facts: Facts, points: readonly Point[]): string | undefined {
  if (facts.target.node !== undefined) return facts.target.node;
  const inside = points.filter(({ place }) => place.role === "bridge" || place.role === "veth");
  const names = new Set(points.flatMap(({ place }) => place.node ?? []));
  const insideNames = new Set(inside.flatMap(({ place }) => place.node ?? []));
  const [only] = insideNames.size === 1 ? insideNames : names;
  return insideNames.size === 1 || names.size === 1 ? only : undefined;
}
