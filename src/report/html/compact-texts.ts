/** Thousands of texts that differ in their numbers alone, written once with the numbers beside them. */

/** Texts of one shape: `parts` with a value of each column between every two of them. */
export interface TextShape {
  readonly parts: readonly string[];
  /** One for each gap between parts: a value for each text, or the place of an earlier column that is the same. */
  readonly columns: readonly (Column | number)[];
}

/** Numbers, each as what it is more than the one before (the first: than 0); other values as they are. */
export type Column = readonly number[] | readonly string[];

export interface CompactTexts {
  readonly shapes: readonly TextShape[];
  /** Of each text, its shape; a shape's texts are in their order. */
  readonly shapeOf: readonly number[];
}

/** What differs between connections that are alike: digits, or an IPv6 address where there is one. */
const NUMBER = /(\d+)/;
const VALUE = /((?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}|\d+)/;
/** Told faster than by looking for one at every letter. */
const HAS_IPV6 = /[0-9a-f]:[0-9a-f]{0,4}:/;

/** What the page's script undoes. */
export function compactTexts(texts: Iterable<string>): CompactTexts {
  const shapes = new Map<string, { at: number; parts: readonly string[]; rows: string[][] }>();
  const shapeOf = [];
  for (const text of texts) {
    const pieces = text.split(HAS_IPV6.test(text) ? VALUE : NUMBER);
    const parts = pieces.filter((_, at) => at % 2 === 0);
    const key = parts.join("\u0000");
    const shape = shapes.get(key) ?? { at: shapes.size, parts, rows: [] };
    shape.rows.push(pieces.filter((_, at) => at % 2 === 1));
    shapes.set(key, shape);
    shapeOf.push(shape.at);
  }
  return { shapes: [...shapes.values()].map(folded), shapeOf };
}

/** Without columns that hold one value throughout: it becomes a part of the text. */
function folded({
  parts,
  rows,
}: {
  parts: readonly string[];
  rows: readonly string[][];
}): TextShape {
  const [first = []] = rows;
  const kept: string[] = [parts[0] ?? ""];
  const columns: (Column | number)[] = [];
  const known = new Map<string, number>();
  for (const [at, value] of first.entries()) {
    const after = parts[at + 1] ?? "";
    const values = rows.map((row) => row[at] ?? "");
    if (values.every((each) => each === value)) {
      kept[kept.length - 1] += value + after;
      continue;
    }
    const key = values.join(" ");
    columns.push(known.get(key) ?? columnOf(values));
    if (!known.has(key)) known.set(key, columns.length - 1);
    kept.push(after);
  }
  return { parts: kept, columns };
}

function columnOf(values: readonly string[]): Column {
  if (!values.every(isPlainNumber)) return values;
  return values.map((value, at) => Number(value) - Number(values[at - 1] ?? 0));
}

/** Written again it is the same text. */
function isPlainNumber(value: string): boolean {
  return Number.isSafeInteger(Number(value)) && String(Number(value)) === value;
}
