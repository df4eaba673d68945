/** A run of `verify` behind joining: connections as journeys, capture points with what they are. */
import { networkOf } from "#expected/network/network.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { ConntrackOfRun } from "./dialled.js";
import type { Point } from "./point.js";
import type { Networks } from "./replay/replay.js";
import type { VerifyInput } from "./verify-input.js";

export interface VerifyRun extends Omit<VerifyInput, "conntrack"> {
  readonly conntrack: ConntrackOfRun | undefined;
  readonly points: ReadonlyMap<string, Point>;
  readonly journeys: readonly Journey[];
}

/** What is intended and what is configured, for each address family; none without a topology. */
export function networksOf({
  given: { topology },
  states,
  expect,
}: VerifyRun): readonly Networks[] {
  if (!topology) return [];
  return (["ipv4", "ipv6"] as const).map((family) => {
    const own = states?.[family];
    const configured = own?.size ? networkOf(topology, { family, states: own }) : undefined;
    if (expect === "configured" && configured)
      return { intended: configured, configured: undefined };
    return { intended: networkOf(topology, { family }), configured };
  });
}
