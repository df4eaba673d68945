/** Where nothing failed: the journey of one connection of each kind. */
import type { ConnectionReport, Report } from "#verify/report.js";
import { judgedOf } from "../verdict-sections.js";
import { markup, type Fill } from "./markup.js";
import { pathFigure } from "./path-figure.js";

const MAX_SHOWN = 4;

export function examplesSection(report: Report): Fill {
  const kinds = new Map<string, ConnectionReport>();
  for (const connection of judgedOf(report)) {
    const { verdict, scenario, client } = connection;
    const kind = [verdict, scenario, client].join("\n");
    const known = kinds.get(kind);
    if (known === undefined || (known.stops === undefined && connection.stops !== undefined)) {
      kinds.set(kind, connection);
    }
  }
  const shown = [...kinds.values()].slice(0, MAX_SHOWN);
  if (shown.length === 0) return undefined;
  return markup`<section aria-labelledby="journeys-title">
<h2 id="journeys-title">Journeys</h2>${shown.map(pathFigure)}</section>`;
}
