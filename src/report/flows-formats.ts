import type { FlowsReport } from "./flows-report.js";
import type { Layout } from "./table.js";

type Render = (report: FlowsReport, layout: Layout) => Iterable<string>;

export interface FlowsFormat {
  readonly name: string;
  readonly summary: string;
  /** For a program: never wrapped, never coloured, no totals beside it. */
  readonly machine: boolean;
  /** Its code is loaded when it is used. */
  readonly load: () => Promise<Render>;
}

/** Every format of `flows`. To add one: write its file, add its line. */
// prettier-ignore
export const FLOWS_FORMATS: readonly [FlowsFormat, ...FlowsFormat[]] = [
  { name: "table", summary: "for a person", machine: false, load: loadTable },
  { name: "wide", summary: "the table with times, ISNs, TTLs, packet numbers, community id", machine: false, load: loadWide },
  { name: "json", summary: "one document, docs/schema/pcapcheck.flows.v1.schema.json", machine: true, load: loadJson },
  { name: "jsonl", summary: "one line per capture file, then one per connection", machine: true, load: loadJsonLines },
];

async function loadTable(): Promise<Render> {
  const [{ flowsTable }, { formatTable }] = await Promise.all([
    import("./flows-table.js"),
    import("./table.js"),
  ]);
  return (report, layout) => formatTable(flowsTable(report), layout);
}

async function loadWide(): Promise<Render> {
  const [{ wideFlowsTable }, { formatTable }] = await Promise.all([
    import("./flows-table.js"),
    import("./table.js"),
  ]);
  return (report, layout) => formatTable(wideFlowsTable(report), layout);
}

async function loadJson(): Promise<Render> {
  return (await import("./flows-json.js")).flowsJson;
}

async function loadJsonLines(): Promise<Render> {
  return (await import("./flows-json.js")).flowsJsonLines;
}
