import type { ReplayCase } from "#verify/replay/replay-case.js";
import type { SeenFlow } from "#verify/replay/seen-flow.js";
import { captureTapOf } from "#verify/replay/tap-at.js";

/** The same packets at the same place under the shortest name: a capture of one interface, not of any. */
export function plainest({ flows }: ReplayCase, flow: SeenFlow): SeenFlow {
  const [best = flow] = flows
    .filter((other) => other.side === flow.side && isSamePlace(flow, other))
    .sort((a, b) => weightOf(a) - weightOf(b) || a.point.name.length - b.point.name.length);
  return best;
}

/** What all interfaces together show, one of them showed. */
function isSamePlace(flow: SeenFlow, other: SeenFlow): boolean {
  const tap = captureTapOf(flow.point);
  if (tap.kind !== "any") return placeOf(other) === placeOf(flow);
  const isThere = captureTapOf(other.point).node === tap.node;
  return isThere && JSON.stringify(other.tuple) === JSON.stringify(flow.tuple);
}

const weightOf = ({ point }: SeenFlow): number => (captureTapOf(point).kind === "any" ? 1 : 0);

function placeOf({ point, tuple }: SeenFlow): string {
  const { kind, node, pod, interface: name } = captureTapOf(point);
  return JSON.stringify([kind, node, pod, kind === "veth" ? undefined : name, tuple]);
}
