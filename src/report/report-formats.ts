import type { RenderReport, ReportFormat } from "./report-format.js";

/** Every format of `verify`. To add one: write its file, add its line. */
// prettier-ignore
export const REPORT_FORMATS: readonly [ReportFormat, ...ReportFormat[]] = [
  { name: "table", summary: "for a person", machine: false, load: loadTable },
  { name: "json", summary: "one document, docs/schema/pcapcheck.report.v1.schema.json", machine: true, load: loadJson },
  { name: "jsonl", summary: "one line for the run, then one for each connection", machine: true, load: loadJsonLines },
  { name: "junit", summary: "XML for CI: a test case for each connection and check", machine: true, load: loadJunit },
  { name: "tap", summary: "TAP 14, the same cases", machine: true, load: loadTap },
  { name: "markdown", summary: "for a ticket or a post-mortem", machine: true, load: loadMarkdown },
  { name: "html", summary: "one page that needs no network: to look at, to print, to attach", machine: true, load: loadHtml },
];

async function loadTable(): Promise<RenderReport> {
  return (await import("./verdict-text.js")).verdictText;
}

async function loadJson(): Promise<RenderReport> {
  return (await import("./verdict-json.js")).verdictJson;
}

async function loadJsonLines(): Promise<RenderReport> {
  return (await import("./jsonl.js")).reportJsonLines;
}

async function loadJunit(): Promise<RenderReport> {
  return (await import("./junit.js")).reportJunit;
}

async function loadTap(): Promise<RenderReport> {
  return (await import("./tap.js")).reportTap;
}

async function loadMarkdown(): Promise<RenderReport> {
  return (await import("./markdown.js")).reportMarkdown;
}

async function loadHtml(): Promise<RenderReport> {
  return (await import("./html/verdict-html.js")).verdictHtml;
}
