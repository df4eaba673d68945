import type { ConnectionReport } from "#verify/report.js";
import { ladder } from "./ladder.js";
import { ladderColumns } from "./ladder-columns.js";
import { ladderLayout } from "./ladder-layout.js";
import { ladderList } from "./ladder-list.js";
import { ladderRows } from "./ladder-rows.js";
import { ladderStops } from "./ladder-stops.js";
import { markup, type Markup } from "./markup.js";

/**
 * The journey of one connection: a picture that scrolls inside of its frame, and the same as a list, which
 * is all that a narrow screen and a screen reader get.
 */
export function pathFigure(report: ConnectionReport): Markup | undefined {
  const stops = ladderStops(report);
  if (stops.length === 0) return undefined;
  const columns = ladderColumns(stops);
  const picture = ladder(ladderLayout(columns, ladderRows(stops, columns)));
  const { id, protocol, verdict } = report;
  const title = `the journey of ${id} (${protocol}, ${verdict}), capture point by capture point`;
  return markup`<figure class="path"><figcaption>${title}</figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="${title}, as a picture; the list below tells the same">${picture}</div>
<details class="steps" open><summary>each capture point as a list, with packet numbers</summary>${ladderList(stops)}</details></figure>`;
}
