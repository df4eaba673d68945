/** `pcapcheck.report/v1`: the verdict for programs. docs/schema/ has its JSON Schema. */
import type { PacketReference } from "#observed/flow/connection.js";
import type { CarriedOn } from "#verify/carried-on.js";
import type { CounterDifference } from "#verify/counters/counter-difference.js";
import type { AcrossCheck, Check, ConnectionReport, Report } from "#verify/report.js";
import { attributionDocument } from "./attribution-json.js";
import { describeExpected } from "./counter-table.js";
import { stopDocument } from "./journey-json.js";
import { clockDocument, latencyDocument } from "./latency-json.js";
import type { RenderContext } from "./report-format.js";
import { sanitizeJson } from "./sanitize.js";
import type { ReportDocument } from "./verdict-schema.js";

export function* verdictJson(
  report: Report,
  { complete }: Pick<RenderContext, "complete">,
): Iterable<string> {
  const document: ReportDocument = {
    schema: "pcapcheck.report/v1",
    verdict: report.verdict,
    complete,
    scenario: report.scenario,
    assumptions: [...report.assumptions],
    notes: [...report.notes],
    connections: report.connections.map(connectionDocument),
    counters: report.counters?.map(counterDocument) ?? null,
    clocks: report.clocks.map(clockDocument),
    across: report.across.map(acrossDocument),
    carriedOn: (report.carriedOn ?? []).map(carriedOnDocument),
  };
  yield `${sanitizeJson(JSON.stringify(document, undefined, 2))}\n`;
}

export function acrossDocument({
  subject,
  connections,
  check,
  attributions = [],
}: AcrossCheck): ReportDocument["across"][number] {
  return {
    subject,
    connections: [...connections],
    check: checkDocument(check),
    attributions: attributions.map(attributionDocument),
  };
}

export function carriedOnDocument(pair: CarriedOn): ReportDocument["carriedOn"][number] {
  return { ...pair, evidence: [...pair.evidence] };
}

export function counterDocument(
  difference: CounterDifference,
): NonNullable<ReportDocument["counters"]>[number] {
  const { at, rule, packets, connections, expected, verdict } = difference;
  const { file, line, table, chain, owner, text } = rule;
  return {
    at,
    file,
    line,
    table,
    chain,
    owner,
    text,
    packets: packets ?? null,
    connections: [...connections],
    atLeast: expected.atLeast,
    atMost: expected.atMost ?? null,
    verdict,
    says: describeExpected(difference),
  };
}

export function connectionDocument(
  connection: ConnectionReport,
): ReportDocument["connections"][number] {
  const { id, protocol, scenario, client, verdict, joinedBy, sightings, checks } = connection;
  return {
    id,
    protocol,
    scenario,
    client: client ?? null,
    verdict,
    joinedBy: joinedBy ?? null,
    join: connection.join ?? null,
    ambiguousWith: [...(connection.ambiguousWith ?? [])],
    sightings: sightings.map(
      ({ point, direction, source, destination, ttl, packets, evidence }) => ({
        point,
        direction,
        source,
        destination,
        ttl: ttl ?? null,
        packets,
        evidence: distinct(evidence),
      }),
    ),
    checks: checks.map(checkDocument),
    answers: (connection.answers ?? []).map(({ question, intended, configured, observed }) => ({
      question,
      intended,
      configured: configured ?? null,
      observed: observed ?? null,
    })),
    attributions: connection.attributions.map(attributionDocument),
    latency: latencyDocument(connection.latency),
    stops: connection.stops?.map(stopDocument) ?? null,
  };
}

function checkDocument(check: Check): ReportDocument["connections"][number]["checks"][number] {
  return {
    check: check.check,
    verdict: check.verdict,
    expected: check.expected,
    observed: check.observed,
    evidence: distinct(check.evidence),
    assumptions: [...check.assumptions],
    missing: [...check.missing],
    finding: check.finding ?? null,
  };
}

/** A packet that shows two things is cited once. */
function distinct(evidence: readonly PacketReference[]): PacketReference[] {
  const cited = new Map(
    evidence.map(({ file, packet }) => [`${packet} ${file}`, { file, packet }] as const),
  );
  return [...cited.values()];
}
