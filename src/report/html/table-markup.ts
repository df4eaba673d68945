import type { Cell, Table } from "../table.js";
import { markup, type Fill, type Markup } from "./markup.js";

/**
 * A table that a narrow screen shows as one block per row: every cell says its column there, and the
 * roles say what `display: block` would take away.
 */
export function tableMarkup({ columns, rows }: Table, caption: string): Markup {
  const headings = columns.map(({ heading }) => heading.toLowerCase());
  const cells = (row: readonly Cell[]): Fill =>
    headings.map((heading, at) => {
      const cell = row[at] ?? "";
      return markup`<td role="cell" data-column="${heading}">${cellMarkup(cell)}</td>`;
    });
  return markup`<table role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${headings.map(
    (heading) => markup`<th role="columnheader" scope="col">${heading}</th>`,
  )}</tr></thead><tbody role="rowgroup">${[...rows].map(
    (row) => markup`<tr role="row">${cells(row)}</tr>\n`,
  )}</tbody></table>`;
}

function cellMarkup(cell: Cell): Fill {
  if (typeof cell === "string") return cell === "" ? "-" : cell;
  return markup`<b class="${cell.tone}">${cell.text}</b>`;
}
