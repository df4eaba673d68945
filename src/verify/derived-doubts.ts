/**
 * Connections that a topology made from nodes' own state has no place for. What a program on a node listens
 * at stands in no rule, so that most of them are nobody's concern; but one that is refused or not answered, and one that
 * what was left out of the topology would be about, must not look healthy.
 */
import type { Topology } from "#cluster/topology.js";
import { isLoopback } from "#net/address.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { Journey } from "#observed/correlate/journey.js";
import { reportOf } from "./connection-report.js";
import type { Point } from "./point.js";
import { checkOf } from "./replay/replay-check.js";
import { reportedFlow } from "./replay/reported-flow.js";
import { flowsOf, type SeenFlow } from "./replay/seen-flow.js";
import type { Check, ConnectionReport } from "./report.js";
import { isTunnelTransport } from "./tunnel-transport.js";

export interface DerivedRun {
  readonly topology: Topology | undefined;
  readonly journeys: readonly Journey[];
  readonly points: ReadonlyMap<string, Point>;
}

export function withDerivedDoubts(
  reports: readonly ConnectionReport[],
  { topology, journeys, points }: DerivedRun,
): readonly ConnectionReport[] {
  if (topology?.derived === undefined) return reports;
  const byId = new Map(reports.map((report) => [report.id, report]));
  return journeys.flatMap((journey) => {
    const report = byId.get(journey.id);
    const flows = flowsOf(journey, points).filter(({ isTunnelled }) => !isTunnelled);
    const missing = missingFor(topology, { journey, report, flows });
    if (missing.length === 0) return report ?? [];
    return doubtful(journey, { report, flows, missing });
  });
}

/** The same where nobody told a topology: what is refused or not answered is no connection to pass over. */
export function withUnanswered(
  reports: readonly ConnectionReport[],
  { journeys, points }: Omit<DerivedRun, "topology">,
): readonly ConnectionReport[] {
  const byId = new Map(reports.map((report) => [report.id, report]));
  return journeys.flatMap((journey) => {
    const report = byId.get(journey.id);
    const flows = flowsOf(journey, points).filter(({ isTunnelled }) => !isTunnelled);
    const dialled = flows.find(({ side }) => side === 0);
    const isOpen = (report?.verdict ?? "not applicable") === "not applicable";
    const isLost = journey.protocol === "tcp" && isJudged(journey) && !isAnswered(journey);
    if (dialled === undefined || !isOpen || !isLost) return report ?? [];
    const end = formatEndpoint(dialled.tuple.destination);
    const missing = [
      `--topology FILE or --state DIR: what serves ${end}; it was refused or not answered`,
    ];
    return doubtful(journey, { report, flows, missing });
  });
}

interface Told {
  readonly journey: Journey;
  readonly report: ConnectionReport | undefined;
  readonly flows: readonly SeenFlow[];
}

function missingFor(topology: Topology, { journey, report, flows }: Told): readonly string[] {
  const dialled = flows.find(({ side }) => side === 0);
  const verdict = report?.verdict ?? "not applicable";
  if (dialled === undefined || !isJudged(journey) || verdict === "pass" || verdict === "fail")
    return [];
  const { destination } = dialled.tuple;
  const isNodes =
    isLoopback(destination.address) ||
    topology.nodes.some(({ addresses }) => addresses.includes(destination.address));
  const left = (topology.derived?.unclear ?? []).filter(({ ports }) =>
    ports === undefined ? isNodes : ports.includes(destination.port),
  );
  if (left.length > 0) return left.map(({ says }) => `--topology FILE: ${says}`);
  // Whether anything answers is told by TCP alone.
  if (verdict !== "not applicable" || journey.protocol !== "tcp" || isAnswered(journey)) return [];
  return [
    `--topology FILE: what serves ${formatEndpoint(destination)}; no rule leads on from there, and it was refused or not answered`,
  ];
}

/** What goes from node to node around pods' packets, and echoes, no scenario is about. */
function isJudged({ protocol, connections }: Journey): boolean {
  const isTransport = protocol === "tcp" || protocol === "udp" || protocol === "sctp";
  const isAround = connections.every(({ originator, responder }) =>
    [originator, responder].some(({ port }) => isTunnelTransport(protocol, port)),
  );
  return isTransport && !isAround;
}

/** By anything but a RST to its SYN. */
function isAnswered({ connections }: Journey): boolean {
  return connections.some(
    ({ packets: [, answers], state, icmpErrors }) =>
      answers > 0 && state !== "REJ" && icmpErrors.length === 0,
  );
}

interface Doubt extends Omit<Told, "journey"> {
  readonly missing: readonly string[];
}

function doubtful(journey: Journey, { report, flows, missing }: Doubt): ConnectionReport {
  if (report?.verdict === "inconclusive") {
    return { ...report, checks: report.checks.map((check) => withMissing(check, missing)) };
  }
  const check = checkOf(
    "connection of this scenario",
    {
      verdict: "inconclusive",
      expected: "a connection that what is known of the nodes explains",
      observed: "it dials what nothing is known of",
      flows: flows.slice(0, 1),
      missing,
    },
    [],
  );
  return reportOf(journey, {
    scenario: "none",
    client: undefined,
    sightings: flows.map(reportedFlow),
    checks: [check],
  });
}

function withMissing(check: Check, missing: readonly string[]): Check {
  return check.verdict === "inconclusive"
    ? { ...check, missing: [...new Set([...check.missing, ...missing])] }
    : check;
}
