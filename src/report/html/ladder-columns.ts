/** The capture points of a ladder, in path order, those of one node or pod beside each other under its name. */
import { placeOf } from "#cluster/point-role.js";
import type { LadderStop } from "./ladder-stops.js";

export interface LadderColumn {
  readonly point: string;
  /** `node1`, `pod web`; the point's own name where it tells neither. */
  readonly group: string;
  /** What the point is called inside its group: `eth0`, `any/eth0`. */
  readonly label: string;
}

export function ladderColumns(stops: readonly LadderStop[]): readonly LadderColumn[] {
  return pointsAlong(stops).map((point) => {
    const group = groupOf(point);
    return { point, group, label: labelOf(point) };
  });
}

/** As requests meet them; a point that shows replies alone comes behind the one they reach next. */
function pointsAlong(stops: readonly LadderStop[]): readonly string[] {
  const points = [...new Set(pointsOf(stops, "request"))];
  let before: string | undefined;
  for (const point of pointsOf(stops, "reply").toReversed()) {
    if (!points.includes(point)) {
      points.splice(before === undefined ? 0 : points.indexOf(before) + 1, 0, point);
    }
    before = point;
  }
  return points;
}

function pointsOf(stops: readonly LadderStop[], wanted: LadderStop["direction"]): string[] {
  return stops.filter(({ direction }) => direction === wanted).map(({ point }) => point);
}

/** `any` is not a place on a node: it is the whole node. */
const ANY = /[./]any(-\w+)?(?=$|\/)/;

function ownerOf(point: string): string | undefined {
  const { role, node, pod } = placeOf(point);
  if (role === "pod") return pod;
  // The node's end of a pod's veth stands on the node.
  return role === "client" ? "client" : node?.replace(ANY, "");
}

function groupOf(point: string): string {
  const owner = ownerOf(point) ?? point;
  return placeOf(point).role === "pod" ? `pod ${owner}` : owner;
}

/** Behind the node's or pod's name, and what separates it. */
function labelOf(point: string): string {
  const owner = ownerOf(point);
  const at = owner === undefined ? -1 : point.indexOf(owner);
  if (owner === undefined || at < 0) return point;
  const rest = point.slice(at + owner.length).replace(/^(@[^/]*)?[./]/, "");
  return rest === "" ? point : rest;
}
