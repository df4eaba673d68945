/** Clocks and latencies in `verify -o json`. */
import type { ClockEstimate } from "#observed/correlate/clocks.js";
import type { Latency } from "#observed/correlate/latency.js";
import { describeTime } from "./describe-time.js";
import type { ReportDocument } from "./verdict-schema.js";

export function clockDocument(clock: ClockEstimate): ReportDocument["clocks"][number] {
  const { point, offsetNs, uncertaintyNs, driftPpm, at, pairs, basis } = clock;
  return {
    point,
    offsetNs,
    uncertaintyNs: uncertaintyNs ?? null,
    driftPpm: Number(driftPpm.toFixed(3)),
    at: describeTime(at) ?? null,
    pairs,
    basis,
  };
}

export function latencyDocument(
  latency: Latency | undefined,
): ReportDocument["connections"][number]["latency"] {
  if (latency === undefined) return null;
  const { hops, wait } = latency;
  return {
    hops: hops.map((hop) => ({ ...hop, uncertaintyNs: hop.uncertaintyNs ?? null })),
    wait: wait ?? null,
  };
}
