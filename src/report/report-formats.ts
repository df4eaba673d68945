import type { RenderReport, ReportFormat } from "./report-format.js";

/** Every format of `verify`. To add one: write its file, add its line. */
// prettier-ignore
export const REPORT_FORMATS: readonly [ReportFormat, ...ReportFormat[]] = [
  { name: "table", summary: "for a person", machine: false, load: loadTable },
  { name: "json", summary: "one document, docs/schema/pcapcheck.report.v1.schema.json", machine: true, load: loadJson },
];

async function loadTable(): Promise<RenderReport> {
  return (await import("./verdict-text.js")).verdictText;
}

async function loadJson(): Promise<RenderReport> {
  return (await import("./verdict-json.js")).verdictJson;
}
