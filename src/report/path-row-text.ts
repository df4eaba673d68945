/** The rows of a scenario's paths in words and tables. */
import {
  endsOf,
  type PathOutcome,
  type PathPoint,
  type PathRow,
  type RowTuple,
} from "#expected/scenarios/path-row.js";
import { PATH_POINTS, PLACES } from "#expected/scenario-files/scenario-words.js";
import { wrapProse } from "./prose.js";
import { sanitize } from "./sanitize.js";
import { formatTable, type Layout, type Row } from "./table.js";

export function* pathRowsText(rows: readonly PathRow[], layout: Layout): Iterable<string> {
  yield "\n";
  yield* overview(rows, layout);
  for (const row of rows) yield* rowText(row, layout);
  yield "\n";
  const used = new Set(rows.flatMap(({ points }) => points.flatMap(placesOf)));
  for (const [place, meaning] of Object.entries(PLACES)) {
    if (!used.has(place)) continue;
    const [first = "", ...more] = wrapProse(meaning, layout, LEGEND_INDENT);
    yield `    ${place.padEnd(13)}${first}\n`;
    for (const line of more) yield `${" ".repeat(LEGEND_INDENT)}${line}\n`;
  }
  if (rows.some(({ points, source }) => source?.includes(":*") || points.some(hasDrawnPort))) {
    yield `    ${"…:*".padEnd(13)}with a port drawn at random instead of the client's\n`;
  }
}

/** A line each: what becomes of it, and whom the server takes for its client. */
function overview(rows: readonly PathRow[], layout: Layout): Iterable<string> {
  return formatTable(
    {
      columns: [
        { heading: "WHO TO WHAT", align: "left", minimumWidth: 24 },
        { heading: "OUTCOME", align: "left", minimumWidth: undefined },
        { heading: "SERVER SEES", align: "left", minimumWidth: undefined },
      ],
      rows: rows.map(({ name, outcome, source }) => [name, outcome, source ?? ""]),
    },
    layout,
  );
}

const LEGEND_INDENT = 17;

function placesOf({ request, reply }: PathPoint): readonly string[] {
  return [request, reply].flatMap((tuple) => {
    if (tuple === undefined) return [];
    const { source, destination } = endsOf(tuple);
    return [source.place, destination.place];
  });
}

function hasDrawnPort({ request, reply }: PathPoint): boolean {
  return [request, reply].some((tuple) => tuple?.includes(":*"));
}

function* rowText(row: PathRow, layout: Layout): Iterable<string> {
  yield `\n${layout.style.strong(sanitize(row.name))}\n`;
  for (const line of wrapProse(`${row.why}.`, layout)) yield `${line}\n`;
  yield `${outcomeText(row)}\n`;
  if (row.rules.length > 0)
    yield `\n${row.rules.map((rule) => `    ${sanitize(rule)}`).join("\n")}\n`;
  yield "\n";
  yield* formatTable(
    {
      columns: [
        { heading: "CAPTURE POINT", align: "left", minimumWidth: 12 },
        { heading: "REQUEST", align: "left", minimumWidth: 12 },
        { heading: "REPLY", align: "left", minimumWidth: 12 },
        { heading: "SEEN", align: "left", minimumWidth: undefined },
        { heading: "WHY", align: "left", minimumWidth: 16 },
      ],
      rows: row.points.map(pointRow),
    },
    layout,
  );
  yield `source: ${sanitize(row.reference)}\n`;
}

const OUTCOMES: Record<PathOutcome, string> = {
  answered: "answered",
  dropped: "no answer: the client sends again until it gives up",
  rejected: "refused at once: ICMP port unreachable",
  unrecognised: "answered from an address that the client never dialled: it resets the connection",
};

function outcomeText({ outcome, source }: PathRow): string {
  if (source === undefined) return OUTCOMES[outcome];
  return `${OUTCOMES[outcome]}; the server sees ${source} as its client`;
}

function pointRow({ at, request, reply, seen, why, form }: PathPoint): Row {
  const shown = (tuple: RowTuple | undefined): string => {
    if (tuple === undefined) return "";
    return form === "plain" ? tuple : `${form.toUpperCase()}(${tuple})`;
  };
  return [PATH_POINTS[at], shown(request), shown(reply), seen, why ?? ""];
}
