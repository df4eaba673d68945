/** The clocks of a run's captures, held together by what the topology says of their machines. */
import { placeOf } from "#cluster/point-role.js";
import type { Topology } from "#cluster/topology.js";
import type { Clocks } from "#observed/correlate/clocks.js";
import { estimateClocks } from "#observed/correlate/estimate-clocks.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { ReadCapture } from "./point.js";

export interface Run {
  readonly captures: readonly ReadCapture[];
  readonly journeys: readonly Journey[];
  readonly topology: Topology | undefined;
}

export function clocksOf({ captures, journeys, topology }: Run): Clocks {
  return estimateClocks({
    journeys,
    points: [...new Set(captures.map(({ point }) => point))],
    hostOf: (point) => hostOf(point, topology),
  });
}

/** The machine whose kernel a capture was taken on: pods have their node's. */
function hostOf(point: string, topology: Topology | undefined): string | undefined {
  const { role, node, pod } = placeOf(point, topology);
  if (node !== undefined) return `node ${node}`;
  if (role === "client") return `client ${point.split(/[./]/)[0]}`;
  const home = topology?.pods.find(({ name }) => name === pod)?.node;
  return home === undefined ? undefined : `node ${home}`;
}

/** When a capture began and ended, by the reference's clock. */
export function alignCapture(capture: ReadCapture, clocks: Clocks): ReadCapture {
  const { point, first, last } = capture;
  return {
    ...capture,
    first: first && clocks.toReference(point, first),
    last: last && clocks.toReference(point, last),
  };
}
