/** `pcapcheck.report-line/v1`: the verdict for programs that read line by line. */
import type { Report, Verdict } from "#verify/report.js";
import { clockDocument } from "./latency-json.js";
import type { RenderContext } from "./report-format.js";
import { sanitizeJson } from "./sanitize.js";
import {
  acrossDocument,
  carriedOnDocument,
  connectionDocument,
  counterDocument,
} from "./verdict-json.js";
import type { ReportRun } from "./verdict-line-schema.js";

export function* reportJsonLines(report: Report, { complete }: RenderContext): Iterable<string> {
  const { connections, across, carriedOn = [], counters } = report;
  yield line({ schema: "pcapcheck.report-line/v1", run: runOf(report, complete) });
  for (const one of connections) yield line({ connection: connectionDocument(one) });
  for (const one of across) yield line({ across: acrossDocument(one) });
  for (const one of carriedOn) yield line({ carriedOn: carriedOnDocument(one) });
  for (const one of counters ?? []) yield line({ counter: counterDocument(one) });
}

function line(value: object): string {
  return `${sanitizeJson(JSON.stringify(value))}\n`;
}

function runOf(report: Report, isComplete: boolean): ReportRun {
  const { verdict, scenario, assumptions, notes, clocks, connections } = report;
  const count = (wanted: Verdict): number =>
    connections.filter((connection) => connection.verdict === wanted).length;
  return {
    verdict,
    scenario,
    complete: isComplete,
    judged: { pass: count("pass"), fail: count("fail"), inconclusive: count("inconclusive") },
    assumptions: [...assumptions],
    notes: [...notes],
    clocks: clocks.map(clockDocument),
  };
}
