/** Where connections waited, how long each way took, and what the captures' clocks show. */
import type { ClockEstimate } from "#observed/correlate/clocks.js";
import type { HopLatency, Wait } from "#observed/correlate/latency.js";
import type { ConnectionReport } from "#verify/report.js";
import type { Row, Table } from "./table.js";

/** Below that nobody asks. An RTO is 1 s at first (RFC 6298 §2). */
const LONG_WAIT_NS = 0.9e9;

/** One sentence for each connection that waited long. */
export function longWaits(reports: readonly ConnectionReport[]): readonly string[] {
  const waited = reports.flatMap(({ id, latency }) =>
    latency?.wait && latency.wait.ns >= LONG_WAIT_NS ? [{ id, wait: latency.wait }] : [],
  );
  const longest = waited.toSorted((a, b) => b.wait.ns - a.wait.ns);
  const more = longest.length - MAX_TOLD;
  return [
    ...longest.slice(0, MAX_TOLD).map(({ id, wait }) => `${id}: ${describeWait(wait)}`),
    ...(more > 0 ? [`${more} more connections waited for a second or longer (-v tells each)`] : []),
  ];
}

const MAX_TOLD = 4;

function describeWait({ kind, ns, from, to, direction }: Wait): string {
  switch (kind) {
    case "server":
      return `the server took ${seconds(ns)} to answer, seen at ${from}`;
    case "handshake":
      return `waited ${seconds(ns)} between ${from} and ${to}, until a repeated SYN got through`;
    case "path":
      if (ns > LONGEST_ON_THE_WAY_NS) return describeStep({ ns, from, to });
      return `a ${direction} packet took ${seconds(ns)} from ${from} to ${to}`;
  }
}

/** Queues hold packets for seconds at most, neighbour discovery gives up after three (ARP, RFC 4861 §10). */
const LONGEST_ON_THE_WAY_NS = 30e9;

function describeStep({ ns, from, to }: Pick<Wait, "ns" | "from" | "to">): string {
  return (
    `a packet is stamped ${seconds(ns)} later at ${to} than at ${from}, longer than any network ` +
    "keeps one: a clock was set between the packets that both captures show"
  );
}

const seconds = (ns: number): string => `${(ns / 1e9).toFixed(2)} s`;

/** A row for each way between two points, of each connection. */
export function latencyTable(reports: readonly ConnectionReport[]): Table {
  return {
    columns: [
      { heading: "ID", align: "left", minimumWidth: undefined },
      { heading: "LATENCY", align: "left", minimumWidth: undefined },
      { heading: "FROM", align: "left", minimumWidth: 8 },
      { heading: "TO", align: "left", minimumWidth: 8 },
      { heading: "PACKETS", align: "right", minimumWidth: undefined },
      { heading: "MEDIAN", align: "right", minimumWidth: undefined },
      { heading: "LEAST", align: "right", minimumWidth: undefined },
      { heading: "MOST", align: "right", minimumWidth: undefined },
      { heading: "CLOCKS", align: "right", minimumWidth: undefined },
    ],
    rows: reports.flatMap(({ id, latency }) =>
      (latency?.hops ?? []).map((hop): Row => [
        id,
        hop.direction,
        hop.from,
        hop.to,
        `${hop.packets}`,
        milliseconds(hop.medianNs),
        milliseconds(hop.minNs),
        milliseconds(hop.maxNs),
        describeUncertainty(hop),
      ]),
    ),
  };
}

const milliseconds = (ns: number): string => `${(ns / 1e6).toFixed(3)} ms`;

function describeUncertainty({ uncertaintyNs }: HopLatency): string {
  if (uncertaintyNs === undefined) return "unknown";
  return uncertaintyNs === 0 ? "one" : `± ${milliseconds(uncertaintyNs)}`;
}

/** Less is of no use to anybody who reads two captures side by side. */
const NOTICED_NS = 1e6;

/** One sentence for each clock that is noticeably off, or for each. */
export function describeClocks(
  clocks: readonly ClockEstimate[],
  { verbose }: { readonly verbose: boolean },
): readonly string[] {
  const reference = clocks.find(({ basis }) => basis === "reference")?.point;
  if (clocks.length < 2) return [];
  return clocks
    .filter(({ offsetNs }) => verbose || Math.abs(offsetNs) >= NOTICED_NS)
    .map((clock) => describeClock(clock, reference ?? "the others"));
}

function describeClock(clock: ClockEstimate, reference: string): string {
  const { point, offsetNs, uncertaintyNs, driftPpm, basis } = clock;
  switch (basis) {
    case "reference":
      return `${point}: the others are measured against it`;
    case "unknown":
      return `${point}: shares nothing with ${reference}, so its clock is taken as it is`;
    case "same clock":
    case "request and reply":
    case "one direction": {
      const known = uncertaintyNs === undefined ? "" : ` ± ${milliseconds(uncertaintyNs)}`;
      const drift = driftPpm === 0 ? "" : `, ${describeDrift(driftPpm)}`;
      const by = describeBasis(clock);
      return `${point}: ${describeOffset(offsetNs, reference)}${known}${drift} (${by})`;
    }
  }
}

function describeBasis({ pairs, basis, isRelayed }: ClockEstimate): string {
  if (pairs === 0) return "by its host alone";
  return isRelayed
    ? `by ${pairs} requests that a proxy passed on`
    : `by ${pairs} packets, ${basis}`;
}

function describeOffset(ns: number, reference: string): string {
  if (ns === 0) return `as ${reference}`;
  const apart = Math.abs(ns);
  const size = apart < 1e9 ? milliseconds(apart) : `${(apart / 1e9).toFixed(6)} s`;
  return ns > 0 ? `${size} ahead of ${reference}` : `${size} behind ${reference}`;
}

function describeDrift(ppm: number): string {
  return `${Math.abs(ppm).toFixed(1)} ppm ${ppm > 0 ? "fast" : "slow"}`;
}
