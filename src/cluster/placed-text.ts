/** YAML or JSON that a person wrote: what is wrong with it is told with its line and column. */
import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";

export interface NamedText {
  readonly file: string;
  readonly text: string;
}

export interface PlacedText {
  /** As JavaScript has it. Aliases are resolved, and the reader refuses those that grow without end. */
  readonly plain: unknown;
  /** `file:line:column: path: what`, at the deepest part of the path that exists. */
  readonly lineOf: (fault: Fault) => string;
}

export interface Fault {
  readonly path: Path;
  /** `key`: the last of the path is the mistake, and not what it stands for. */
  readonly at?: "key";
  readonly message: string;
}

export type Path = readonly (string | number)[];

type Refusal = new (message: string) => Error;

/** @throws `Refused` where it cannot be read at all: with the place, except of aliases without end. */
export function readPlaced({ file, text }: NamedText, Refused: Refusal): PlacedText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [fault] = document.errors;
  if (fault) throw new Refused(`${placeOf(fault.pos[0])}: ${fault.message}`);
  return {
    plain: plainOf(document, (message) => new Refused(`${file}: ${message}`)),
    lineOf: (fault) => {
      const { path, message } = fault;
      return `${placeOf(offsetOf(document, fault))}: ${path.join(".") || "file"}: ${message}`;
    },
  };
}

type Document = ReturnType<typeof parseDocument>;

function plainOf(document: Document, refusal: (message: string) => Error): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
}

/** Of a key that leads to nothing of worth, where the key itself stands. */
function offsetOf(document: Document, { path, at }: Fault): number {
  const key = at === "key" ? keyOffset(document, path) : undefined;
  if (key !== undefined) return key;
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document, path: Path): number | undefined {
  const parent: unknown =
    path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(parent)) return undefined;
  const key = parent.items
    .map((item) => item.key)
    .find((one) => isScalar(one) && one.value === path.at(-1));
  return isScalar(key) ? key.range?.[0] : undefined;
}

interface Issues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** What zod found. */
export function faultsOf({ issues }: Issues): readonly Fault[] {
  return issues.map(({ path, message }) => ({ path: path as Path, message }));
}
