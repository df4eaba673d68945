/** The clocks of a run's captures, held together by what the topology says of their machines. */
import { placeOf } from "#cluster/point-role.js";
import type { Topology } from "#cluster/topology.js";
import type { ClockEstimate, Clocks } from "#observed/correlate/clocks.js";
import { estimateClocks } from "#observed/correlate/estimate-clocks.js";
import type { Journey } from "#observed/correlate/journey.js";
import { proxiedPairs } from "#observed/correlate/proxied.js";
import type { ReadCapture } from "./point.js";
import { oneHost } from "./proxy-host.js";

export interface Run {
  readonly captures: readonly ReadCapture[];
  readonly journeys: readonly Journey[];
  readonly topology: Topology | undefined;
}

export function clocksOf({ captures, journeys, topology }: Run): Clocks {
  const points = [...new Set(captures.map(({ point }) => point))];
  const only = topology === undefined ? onlyNode(points) : undefined;
  return estimateClocks({
    journeys,
    points,
    hostOf: (point) => hostOf(point, topology) ?? (isOfPod(point) ? only : undefined),
    relays: () => proxiedPairs(journeys, oneHost(topology)),
  });
}

/** Without a topology it is the pod of a hostPort that is asked about, which is on the node. */
function onlyNode(points: readonly string[]): string | undefined {
  const hosts = points.map((point) => hostOf(point, undefined));
  const nodes = new Set(hosts.filter((host) => host?.startsWith("node ")));
  const [only] = nodes;
  return nodes.size === 1 ? only : undefined;
}

const isOfPod = (point: string): boolean => placeOf(point, undefined).role === "pod";

/** The machine whose kernel a capture was taken on: pods have their node's. */
function hostOf(point: string, topology: Topology | undefined): string | undefined {
  const { role, node, pod } = placeOf(point, topology);
  if (node !== undefined) return `node ${node}`;
  if (role === "client") return `client ${point.split(/[./]/)[0]}`;
  const home = topology?.pods.find(({ name }) => name === pod)?.node;
  return home === undefined ? undefined : `node ${home}`;
}

/** When a capture began and ended, by the reference's clock, and whose clocks that says nothing of. */
export function alignCapture(capture: ReadCapture, clocks: Clocks): ReadCapture {
  const { point, first, last } = capture;
  return {
    ...capture,
    first: first === undefined ? undefined : clocks.toReference(point, first),
    last: last === undefined ? undefined : clocks.toReference(point, last),
    apartFrom: new Set(
      clocks.estimates
        .filter((other) => !clocks.isComparable({ a: point, b: other.point }))
        .map((other) => other.point),
    ),
  };
}

/** Below that a host's own clock may be read late, and no step of it is told. */
const SAME_CLOCK_NS = 1_000_000;

/** A sentence for each capture whose clock is not that of the others of its machine. */
export function clockNotes(
  estimates: readonly ClockEstimate[],
  topology: Topology | undefined,
): readonly string[] {
  const byHost = new Map<string, ClockEstimate[]>();
  for (const estimate of estimates) {
    const host = hostOf(estimate.point, topology);
    if (host === undefined || (estimate.pairs === 0 && estimate.basis !== "reference")) continue;
    byHost.set(host, [...(byHost.get(host) ?? []), estimate]);
  }
  return [...byHost].flatMap(([host, list]) => {
    const usual = mostCommon(list);
    return list.flatMap(({ point, offsetNs }) => {
      const ns = offsetNs - usual;
      if (Math.abs(ns) <= SAME_CLOCK_NS) return [];
      const seconds = (Math.abs(ns) / 1e9).toFixed(3);
      const way = ns > 0 ? "ahead of" : "behind";
      return [
        `${point} is ${seconds} s ${way} the other captures of ${host}, by what both show: ` +
          "its times were changed, or it was taken on another machine",
      ];
    });
  });
}

/** The offset that most others are near to. */
function mostCommon(estimates: readonly ClockEstimate[]): number {
  const near = (offset: number): number =>
    estimates.filter(({ offsetNs }) => Math.abs(offsetNs - offset) <= SAME_CLOCK_NS).length;
  const sorted = estimates.toSorted((a, b) => near(b.offsetNs) - near(a.offsetNs));
  return sorted[0]?.offsetNs ?? 0;
}
