/**
 * A source that stands for many: behind a masquerade, or an address of the node that its own
 * processes and everybody it masquerades share. Healthy as one, it may be another's fault.
 */
import type { Point } from "#verify/point.js";
import type { Judgement, Option } from "./judge.js";
import { captureTapOf } from "./tap-at.js";

/** Nodes whose captures would tell who sent it; none where that is told. */
export function nodesThatTell(
  { nearest, isArrivalSeen }: Judgement,
  points: readonly Point[],
): readonly string[] {
  if (isArrivalSeen) return [];
  return [...new Set(nearest.flatMap((option) => nodeThatTells(option, points) ?? []))];
}

function nodeThatTells({ dial, comparison }: Option, points: readonly Point[]): string | undefined {
  const { end, request } = comparison.path;
  const isKept = end.kind !== "delivered" || end.tuple.source.address === dial.tuple.source.address;
  if (dial.from.kind !== "node" && isKept) return undefined;
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
