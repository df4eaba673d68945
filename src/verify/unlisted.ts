/** Captures called after a node or pod that the topology does not list. */
import { isNamelessPod } from "#cluster/nameless-pod.js";
import type { Topology } from "#cluster/topology.js";
import type { Point } from "./point.js";

export interface Listed {
  readonly points: ReadonlyMap<string, Point>;
  /** A sentence for each name that leads nowhere. */
  readonly notes: readonly string[];
  /** By the point's key: what the topology leaves out may be all that a connection needs. */
  readonly objections: ReadonlyMap<string, string>;
}

/**
 * Where such a capture was taken nobody knows: the model has no place by that name, so that a healthy
 * connection would seem to go where it must not. What its packets say stays.
 */
export function withoutUnlisted(
  points: ReadonlyMap<string, Point>,
  topology: Topology | undefined,
): Listed {
  if (!topology) return { points, notes: [], objections: new Map() };
  const captures = new Map<string, string[]>();
  const objections = new Map<string, string>();
  const placed = [...points].map(([key, point]): [string, Point] => {
    const name = unlistedName(point, topology);
    if (name === undefined) return [key, point];
    if (name.startsWith("node ")) {
      objections.set(
        point.name,
        `${name}, where ${point.name} is called after it, in the topology`,
      );
    }
    captures.set(name, [...(captures.get(name) ?? []), point.name]);
    const place = { role: "unknown", node: undefined, pod: undefined } as const;
    return [key, { ...point, place }];
  });
  const notes = [...captures].map(
    ([name, called]) =>
      `the topology lists no ${name}: where ${called.join(", ")} was captured is not known; ` +
      "POINT=FILE or --as names it by a node or pod that is listed",
  );
  return { points: new Map(placed), notes, objections };
}

/** `node worker-1`, `pod web`; undefined where the topology has both, or says nothing of any. */
function unlistedName({ place }: Point, { nodes, pods }: Topology): string | undefined {
  const { node, pod } = place;
  const hasNode = nodes.length === 0 || nodes.some(({ name }) => name === node);
  if (node !== undefined && !hasNode) return `node ${node}`;
  if (pod === undefined || isNamelessPod(pod) || pods.length === 0) return undefined;
  return pods.some(({ name }) => name === pod) ? undefined : `pod ${pod}`;
}
