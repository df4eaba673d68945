/** Where everything of a ladder stands, in CSS pixels: columns, their headings, rows below each other. */
import type { LadderColumn } from "./ladder-columns.js";
import { sanitize } from "../sanitize.js";
import { hopsLines, rewriteLines } from "./ladder-words.js";
import type { HeadingRow, HopsRow, LadderRow, RewriteRow } from "./ladder-rows.js";

export interface LadderLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly PlacedColumn[];
  readonly groups: readonly PlacedGroup[];
  readonly rows: readonly PlacedRow[];
  /** Where lifelines begin. */
  readonly top: number;
}

export interface PlacedColumn {
  readonly x: number;
  readonly point: string;
  readonly lines: readonly string[];
}

export interface PlacedGroup {
  readonly left: number;
  readonly right: number;
  readonly label: string;
  readonly name: string;
}

export type PlacedRow = PlacedHeading | PlacedHops | PlacedRewrite;

export interface PlacedHeading extends HeadingRow {
  readonly y: number;
}

export interface PlacedHops extends HopsRow {
  /** Of the arrows. */
  readonly y: number;
  /** Where the first arrow begins, and each ends. */
  readonly startX: number;
  readonly endsX: readonly number[];
  readonly lines: readonly PlacedLine[];
}

export interface PlacedRewrite extends RewriteRow {
  readonly y: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
  /** Of the columns that it stands between. */
  readonly betweenX: readonly [number, number];
  readonly lines: readonly PlacedLine[];
}

export interface PlacedLine {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Advance of a 12 px monospaced letter: 0.602 em in DejaVu Sans Mono, less in others. */
export const LETTER = 7.25;
const LINE_HEIGHT = 15;
const MARGIN = 46;
/** A few columns stand apart, many stand close. */
const ROOM = 900;
const LEAST_GAP = 54;
const MOST_GAP = 170;
const GROUP_GAP = 12;
/** Arrows that come from outside of the captures are so long. */
const STUB = 30;
/** In letters. */
const MAX_LABEL = 22;
const MAX_LINE = 120;
const HEADING_HEIGHT = 28;
const BOX_PADDING = 8;
/** Group names above the points' labels. */
const LABELS_TOP = 42;

export function ladderLayout(
  columns: readonly LadderColumn[],
  rows: readonly LadderRow[],
): LadderLayout {
  const placed = placeColumns(columns);
  const last = placed.at(-1);
  const longest = Math.max(0, ...rows.flatMap(linesOf).map(({ length }) => length));
  const width = Math.ceil(
    Math.max((last?.x ?? 0) + (last?.width ?? 0) / 2 + MARGIN, longest * LETTER + 48),
  );
  const canvas = { width, xs: placed.map(({ x }) => x) };
  const top = LABELS_TOP + Math.max(1, ...placed.map(({ lines }) => lines.length)) * LINE_HEIGHT;
  let y = top + 6;
  const placedRows = rows.map((row): PlacedRow => {
    const { made, height } = placeRow(row, { ...canvas, y });
    y += height;
    return made;
  });
  return {
    width,
    height: y + 8,
    columns: placed.map(({ x, point, lines }) => ({ x, point, lines })),
    groups: placeGroups(placed),
    rows: placedRows,
    top,
  };
}

interface MeasuredColumn extends LadderColumn {
  readonly x: number;
  readonly width: number;
  readonly lines: readonly string[];
}

function placeColumns(columns: readonly LadderColumn[]): readonly MeasuredColumn[] {
  const placed: MeasuredColumn[] = [];
  const gap = Math.max(LEAST_GAP, Math.min(ROOM / columns.length, MOST_GAP));
  for (const [at, column] of columns.entries()) {
    const lines = column.label === column.group ? [] : labelLines(column.label);
    const before = placed.at(-1);
    const isAlone =
      columns[at - 1]?.group !== column.group && columns[at + 1]?.group !== column.group;
    const longest = isAlone ? [...lines, shortened(column.group, MAX_LABEL)] : lines;
    const width = Math.max(0, ...longest.map(({ length }) => length)) * LETTER + 10;
    const apart = before === undefined || before.group === column.group ? 0 : GROUP_GAP;
    const x = before
      ? before.x + Math.max(gap, (before.width + width) / 2) + apart
      : MARGIN + width / 2;
    placed.push({ ...column, x: Math.round(x), width, lines });
  }
  return placed;
}

/** `any/flannel.1` on two lines: columns are narrow. */
function labelLines(label: string): readonly string[] {
  const slash = label.indexOf("/");
  const lines = slash < 0 ? [label] : [label.slice(0, slash + 1), label.slice(slash + 1)];
  return lines.map((line) => shortened(line, MAX_LABEL));
}

function shortened(text: string, letters: number): string {
  const shown = sanitize(text);
  return shown.length > letters ? `${shown.slice(0, Math.max(0, letters - 1))}…` : shown;
}

function placeGroups(columns: readonly MeasuredColumn[]): readonly PlacedGroup[] {
  const groups: PlacedGroup[] = [];
  for (const { x, width, group } of columns) {
    const last = groups.at(-1);
    const right = Math.round(x + width / 2);
    if (last?.name === group) groups[groups.length - 1] = { ...last, right };
    else groups.push({ left: Math.round(x - width / 2), right, label: "", name: group });
  }
  return groups.map((group) => {
    const letters = Math.floor((group.right - group.left - 4) / LETTER);
    return { ...group, label: shortened(group.name, letters) };
  });
}

interface Canvas {
  readonly width: number;
  /** Of columns. */
  readonly xs: readonly number[];
  readonly y: number;
}

interface Placed {
  readonly made: PlacedRow;
  readonly height: number;
}

function placeRow(row: LadderRow, canvas: Canvas): Placed {
  switch (row.kind) {
    case "heading":
      return { made: { ...row, y: canvas.y + 16 }, height: HEADING_HEIGHT };
    case "rewrite":
      return placeRewrite(row, canvas);
    case "hops":
      return placeHops(row, canvas);
  }
}

/** As they will be shown, for they are measured. */
function linesOf(row: LadderRow): readonly string[] {
  if (row.kind === "heading") return [];
  const lines = row.kind === "hops" ? hopsLines(row) : rewriteLines(row);
  return lines.map((line) => shortened(line, MAX_LINE));
}

function placeHops(row: HopsRow, { width, xs, y }: Canvas): Placed {
  const endsX = row.through.map((at) => xs[at] ?? 0);
  const [firstX = 0] = endsX;
  const outside = row.direction === "request" ? firstX - STUB : firstX + STUB;
  const from = row.from === undefined ? outside : (xs[row.from] ?? outside);
  const startX = from === firstX ? outside : from;
  const texts = linesOf(row);
  const centre = (startX + (endsX.at(-1) ?? firstX)) / 2;
  const lines = placeLines(texts, { width, centre, y });
  const arrowY = y + texts.length * LINE_HEIGHT + 9;
  return {
    made: { ...row, y: arrowY, startX, endsX, lines },
    height: texts.length * LINE_HEIGHT + 26,
  };
}

function placeRewrite(row: RewriteRow, { width, xs, y }: Canvas): Placed {
  const texts = linesOf(row);
  const to = xs[row.to] ?? 0;
  const from = row.from === undefined ? to - STUB : (xs[row.from] ?? to);
  const lines = placeLines(texts, { width, centre: (from + to) / 2, y: y + BOX_PADDING });
  const left = Math.min(...lines.map(({ x }) => x)) - BOX_PADDING;
  const height = texts.length * LINE_HEIGHT + 2 * BOX_PADDING;
  return {
    made: {
      ...row,
      y,
      left,
      width: widthOf(texts) + 2 * BOX_PADDING,
      height,
      betweenX: [Math.min(from, to), Math.max(from, to)],
      lines,
    },
    height: height + 10,
  };
}

/** All begin at one place, so that values stand below each other; never outside of the picture. */
function placeLines(
  texts: readonly string[],
  { width, centre, y }: { readonly width: number; readonly centre: number; readonly y: number },
): readonly PlacedLine[] {
  const span = widthOf(texts);
  const x = Math.round(Math.max(16, Math.min(centre - span / 2, width - 16 - span)));
  return texts.map((text, at) => ({ x, y: y + at * LINE_HEIGHT + 11, text }));
}

function widthOf(texts: readonly string[]): number {
  return Math.ceil(Math.max(...texts.map(({ length }) => length)) * LETTER);
}
