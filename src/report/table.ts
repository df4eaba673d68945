/** Tables in text: the only module that knows cli-table3. */
import CliTable from "cli-table3";
// @ts-expect-error its types leave out the width function that a table must agree with; the version is pinned
import { strlen } from "cli-table3/src/utils.js";
import { sanitize } from "./sanitize.js";
import { PLAIN, type Style, type Tone } from "./style.js";

export interface Column {
  readonly heading: string;
  readonly align: "left" | "right";
  /** The width below which wrapping its cells makes no sense; undefined: never wrapped. */
  readonly minimumWidth: number | undefined;
}

/** Text as it is, cleaned of control characters here, and its tone if it has one. */
export type Cell = string | { readonly text: string; readonly tone: Tone };
export type Row = readonly Cell[];

export interface Table {
  readonly columns: readonly Column[];
  /** Iterated twice, to measure and to write, so that no copy of a million rows is kept. */
  readonly rows: Iterable<Row>;
}

export interface Layout {
  /** Of the terminal, in characters. Undefined when the text goes to a file or a program. */
  readonly width: number | undefined;
  readonly style: Style;
}

/** For a file or a program: nothing wrapped, nothing coloured. */
export const UNBOUNDED: Layout = { width: undefined, style: PLAIN };

const GAP = "  ";
/** What stands in an empty cell, so that `awk` counts the same columns in every row. */
const EMPTY = "-";
/** cli-table3 takes time by the square of its rows: 8000 at once take 5 s, in blocks of 100 1 s. */
const BLOCK_ROWS = 100;

/**
 * In chunks of whole lines. To a program: one line per row, two spaces between columns. To a
 * terminal: fitted to its width by wrapping the widest columns, and where that cannot do, as records.
 */
export function formatTable(table: Table, layout: Layout): Iterable<string> {
  const natural = naturalWidths(table);
  if (layout.width === undefined)
    return plainLines(table, { widths: natural, style: layout.style });
  const widths = fitWidths(table.columns, { natural, available: layout.width });
  if (widths === undefined) return formatRecords(table, { ...layout, width: layout.width });
  return formatBlocks(table, { widths, style: layout.style, blockRows: BLOCK_ROWS });
}

function naturalWidths({ columns, rows }: Table): number[] {
  const widths = columns.map(({ heading }) => textWidth(heading));
  for (const row of rows) {
    for (let at = 0; at < widths.length; at++) {
      widths[at] = Math.max(widths[at] ?? 0, textWidth(cellText(row[at])));
    }
  }
  return widths;
}

interface Fit {
  readonly natural: readonly number[];
  readonly available: number;
}

/** Takes from the widest column that may be wrapped until all fit; undefined when they cannot. */
function fitWidths(columns: readonly Column[], { natural, available }: Fit): number[] | undefined {
  const widths = [...natural];
  let excess = sum(widths) + GAP.length * (widths.length - 1) - available;
  while (excess > 0) {
    const widest = widestOver(widths, columns.map(smallestWidth));
    if (widest === undefined) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}

function smallestWidth({ heading, minimumWidth }: Column): number {
  return minimumWidth === undefined ? Infinity : Math.max(minimumWidth, textWidth(heading));
}

function widestOver(widths: readonly number[], minimums: readonly number[]): number | undefined {
  let widest: number | undefined;
  for (const [at, width] of widths.entries()) {
    if (width <= (minimums[at] ?? Infinity)) continue;
    if (widest === undefined || width > (widths[widest] ?? 0)) widest = at;
  }
  return widest;
}

interface Widths {
  readonly widths: readonly number[];
  readonly style: Style;
}

function* plainLines({ columns, rows }: Table, { widths, style }: Widths): Generator<string> {
  const line = (cells: Row): string =>
    `${columns
      .map(({ align }, at) => {
        const text = cellText(cells[at]);
        const padding = " ".repeat(Math.max(0, (widths[at] ?? 0) - textWidth(text)));
        const toned = paint(cells[at], { text, style });
        return align === "right" ? padding + toned : toned + padding;
      })
      .join(GAP)
      .trimEnd()}\n`;
  yield line(headings(columns));
  for (const row of rows) yield line(row);
}

interface Blocks extends Widths {
  readonly blockRows: number;
}

/** The same text whatever `blockRows` is: the widths are fixed before. Exported for that test. */
export function* formatBlocks(
  { columns, rows }: Table,
  { widths, style, blockRows }: Blocks,
): Generator<string> {
  const wrapped = (row: Row): string[] =>
    widths.map((width, at) =>
      wrap(cellText(row[at]), width)
        .map((text) => paint(row[at], { text, style }))
        .join("\n"),
    );
  const newBlock = (head: string[]): CliTable.Table =>
    new CliTable({
      head,
      chars: CHARS,
      colWidths: [...widths],
      colAligns: columns.map(({ align }) => align),
      style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
    });
  let first = true;
  for (const rowsOfBlock of batches(rows, blockRows)) {
    const block = newBlock(first ? wrapped(headings(columns)) : []);
    first = false;
    block.push(...rowsOfBlock.map(wrapped));
    yield `${block.toString().replaceAll(/ +$/gm, "")}\n`;
  }
}

/** No box: a gap between columns and a rule under the heading. */
const CHARS: Record<CliTable.CharName, string> = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "-",
  "mid-mid": GAP,
  right: "",
  "right-mid": "",
  middle: GAP,
};

/** At least one batch, for a table without rows still has its heading. */
function* batches(rows: Iterable<Row>, size: number): Generator<Row[]> {
  let batch: Row[] = [];
  let some = false;
  for (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    some = true;
    batch = [];
  }
  if (batch.length > 0 || !some) yield batch;
}

/** Each row as `heading value` pairs, as many on a line as fit; for terminals too narrow for a table. */
function* formatRecords(
  { columns, rows }: Table,
  { width, style }: { readonly width: number; readonly style: Style },
): Generator<string> {
  const indent = "    ";
  const room = Math.max(width - indent.length, 16);
  for (const row of rows) {
    const pairs = columns.flatMap(({ heading }, at): string[] => {
      const text = cellText(row[at]);
      const label = heading.toLowerCase();
      if (text === EMPTY) return [];
      const [first = "", ...more] = wrap(`${label} ${text}`, room);
      if (more.length > 0) return [first, ...more];
      return [`${style.strong(label)} ${paint(row[at], { text, style })}`];
    });
    yield `${packLines(pairs, room).join(`\n${indent}`)}\n`;
  }
}

function packLines(pieces: readonly string[], room: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = `${lines.at(-1)}${GAP}${piece}`;
    if (lines.length > 0 && terminalWidth(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines;
}

function headings(columns: readonly Column[]): Row {
  return columns.map(({ heading }) => ({ text: heading, tone: "strong" }));
}

function cellText(cell: Cell | undefined): string {
  const text = sanitize(typeof cell === "object" ? cell.text : (cell ?? ""));
  return text === "" ? EMPTY : text;
}

function paint(cell: Cell | undefined, { text, style }: { text: string; style: Style }): string {
  return typeof cell === "object" ? style[cell.tone](text) : text;
}

/**
 * Lines of at most `width`, broken at spaces; a word that alone is wider breaks behind `:`, `/` and
 * the like, and else anywhere: nothing is cut away.
 */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.split(/(?<= )/).flatMap((word) => breakable(word, width))) {
    if (line !== "" && textWidth((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

function breakable(word: string, width: number): string[] {
  const fits = (text: string): boolean => textWidth(text.trimEnd()) <= width;
  if (fits(word)) return [word];
  return word
    .split(/(?<=[:/,;=])(?=\S)/)
    .flatMap((piece) => (fits(piece) ? [piece] : slices(piece, width)));
}

function slices(text: string, width: number): string[] {
  const pieces: string[] = [];
  for (let rest = text; rest !== ""; rest = rest.slice(pieces.at(-1)?.length ?? rest.length)) {
    pieces.push(widthPrefix(rest, width));
  }
  return pieces;
}

/** As much of the start as fits, at least one character. */
function widthPrefix(text: string, width: number): string {
  let prefix = "";
  for (const character of text) {
    if (prefix !== "" && textWidth(prefix + character) > width) break;
    prefix += character;
  }
  return prefix;
}

const ASCII = /^[ -~]*$/;
/** Width of the widest line, escape sequences not counted. */
const terminalWidth: (text: string) => number = strlen;

/** In terminal cells, as cli-table3 counts them: wide characters take two. */
function textWidth(text: string): number {
  return ASCII.test(text) ? text.length : terminalWidth(text);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
