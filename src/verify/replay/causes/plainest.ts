import type { ReplayCase } from "#verify/replay/replay-case.js";
import type { SeenFlow } from "#verify/replay/seen-flow.js";
import { captureTapOf } from "#verify/replay/tap-at.js";

/** The same packets at the same place under the shortest name: a capture of one interface, not of any. */
export function plainest({ flows }: ReplayCase, flow: SeenFlow): SeenFlow {
  const place = placeOf(flow);
  const [best = flow] = flows
    .filter((other) => other.side === flow.side && placeOf(other) === place)
    .sort((a, b) => a.point.name.length - b.point.name.length);
  return best;
}

function placeOf({ point, tuple }: SeenFlow): string {
  const { kind, node, pod, interface: name } = captureTapOf(point);
  return JSON.stringify([kind, node, pod, kind === "veth" ? undefined : name, tuple]);
}
