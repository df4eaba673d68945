/**
 * Connections seen behind all translation alone. A source may stand for many: an address of the
 * node is its own processes' and everybody's whom it masquerades. And where there are Services,
 * nothing tells what led to this server. Healthy as one, it may be another's fault.
 */
import type { Topology } from "#cluster/topology.js";
import type { Point } from "#verify/point.js";
import type { Judgement, Option } from "./judgement.js";
import { captureTapOf } from "./tap-at.js";

/** Nodes whose captures would tell who sent it; none where that is told. */
export function nodesThatTell(
  { nearest, isArrivalSeen, dialled }: Judgement,
  watched: Watched,
): readonly string[] {
  const isTold = dialled?.kind === "decided" && dialled.by.isSourceKnown;
  if (isArrivalSeen || isTold) return [];
  return [...new Set(nearest.flatMap((option) => nodeThatTells(option, watched) ?? []))];
}

interface Watched {
  readonly topology: Topology;
  readonly points: readonly Point[];
}

function nodeThatTells(
  { dial, comparison }: Option,
  { topology, points }: Watched,
): string | undefined {
  const { end, request } = comparison.path;
  const isKept = end.kind !== "delivered" || end.tuple.source.address === dial.tuple.source.address;
  const isPlain = dial.from.kind !== "node" && isKept;
  if (isPlain && topology.services.length === 0) return undefined;
  const node = dial.from.kind === "node" ? dial.from.name : handlerOf(request);
  return node === undefined || isWatched(node, points) ? undefined : node;
}

function handlerOf(request: Option["comparison"]["path"]["request"]): string | undefined {
  return request.find(({ namespace }) => namespace.kind === "node")?.namespace.name;
}

/** What comes from elsewhere shows at the uplink, what pods send at the bridge or beside it. */
function isWatched(node: string, points: readonly Point[]): boolean {
  const kinds = new Set(
    points.map(captureTapOf).flatMap((tap) => (tap.node === node ? [tap.kind] : [])),
  );
  return kinds.has("any") || (kinds.has("uplink") && kinds.has("bridge"));
}
