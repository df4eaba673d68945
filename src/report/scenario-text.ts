/** A scenario in words: the path, what each capture point shows of it, and why. */
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import type {
  PointRow,
  Row as ScenarioRow,
  Scenario,
  TupleRow,
} from "#expected/scenarios/scenario.js";
import { ENDS, HOST_PORT_POINTS } from "#expected/scenario-files/scenario-words.js";
import { pathRowsText } from "./path-row-text.js";
import { wrapProse } from "./prose.js";
import { sanitize } from "./sanitize.js";
import { formatTable, type Layout, type Row } from "./table.js";

interface Shown {
  readonly portmap: PortmapBehaviour;
  readonly layout: Layout;
}

export function* scenarioText(scenario: Scenario, { portmap, layout }: Shown): Iterable<string> {
  const { style } = layout;
  const { name, title, question } = scenario;
  yield `${style.strong(sanitize(name))}: ${sanitize(title)}\n${sanitize(question)}\n\n`;
  yield* wrapProse(scenario.explanation, layout).map((line) => `${line}\n`);
  if (scenario.target === "path") {
    yield* pathRowsText(scenario.paths, layout);
    return;
  }
  for (const row of scenario.rows(portmap)) yield* rowText(row, layout);
  yield "\n";
  for (const [end, meaning] of Object.entries(ENDS)) {
    if (usesEnd(scenario.rows(portmap), end)) yield `    ${end.padEnd(12)}${meaning}\n`;
  }
}

function usesEnd(rows: readonly ScenarioRow[], end: string): boolean {
  return rows.some(({ points }) =>
    points.some(({ requests, replies }) =>
      [...requests, ...replies].some((tuple) => tuple.split(" > ").includes(end)),
    ),
  );
}

function* rowText(row: ScenarioRow, layout: Layout): Iterable<string> {
  yield `\n${layout.style.strong(sanitize(row.name))}\n`;
  for (const line of wrapProse(`${row.why}.`, layout)) yield `${line}\n`;
  yield `the pod must see ${SOURCES[row.source]}\n`;
  if (row.rules.length > 0)
    yield `\n${row.rules.map((rule) => `    ${sanitize(rule)}`).join("\n")}\n`;
  yield "\n";
  yield* formatTable(
    {
      columns: [
        { heading: "CAPTURE POINT", align: "left", minimumWidth: 12 },
        { heading: "REQUEST", align: "left", minimumWidth: 14 },
        { heading: "REPLY", align: "left", minimumWidth: 14 },
        { heading: "SEEN", align: "left", minimumWidth: undefined },
        { heading: "WHY", align: "left", minimumWidth: 16 },
      ],
      rows: row.points.map(pointRow),
    },
    layout,
  );
  yield `source: ${sanitize(row.reference)}\n`;
}

const SOURCES: Record<ScenarioRow["source"], string> = {
  kept: "the source address as it arrives at the node",
  bridge: "the node's bridge address instead of the client's",
};

function pointRow({ at, requests, replies, seen, why }: PointRow): Row {
  return [HOST_PORT_POINTS[at], tuples(requests), tuples(replies), seen, why ?? ""];
}

const tuples = (rows: readonly TupleRow[]): string => [...new Set(rows)].join(", or ");
