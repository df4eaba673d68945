/** What `kubectl get -o json` and `-o yaml` print, as documents: several may follow each other. */
import { LineCounter, parseAllDocuments } from "yaml";
import { HEAD_CHARACTERS, isJsonText } from "./is-kube-text.js";
import { KubeFault } from "./kube-field.js";

/** One document, or one item of a List. */
export interface KubeDocument {
  readonly value: unknown;
  /** `items[3]` of an item; empty for a document. */
  readonly path: string;
}

/**
 * One after the other, so that few are held: twenty thousand pods at once are half a gigabyte.
 * @throws KubeFault with the place of what is no JSON or YAML; what stands there may be secret.
 */
export function* kubeDocuments(text: string): Generator<KubeDocument> {
  const head = text.slice(0, HEAD_CHARACTERS);
  const [json, yaml] = [JSON_LIST.exec(head), YAML_LIST.exec(head)];
  if (json) yield* jsonItems(text, json[0].length);
  else if (yaml) yield* yamlItems(text, yaml[0].length);
  else {
    const values = isJsonText(text) ? jsonDocuments(text) : yamlDocuments(text, 1);
    for (const value of values) yield { value, path: "" };
  }
}

/** How kubectl begins a List. */
const JSON_LIST = /^\{\n {4}"apiVersion": "v1",\n {4}"items": \[\n {8}(?=\{\n)/;
const YAML_LIST = /^apiVersion: v1\nitems:\n(?=- )/;

/**
 * Some items at a time. kubectl indents by four spaces, and a string has no line end in it: an item's
 * brace is in column nine.
 */
function* jsonItems(text: string, first: number): Generator<KubeDocument> {
  let [start, index] = [first, 0];
  for (;;) {
    const { values, end, isLast } = someItems(text, start);
    for (const value of values) yield { value, path: `items[${index++}]` };
    if (isLast) return yield* behindItems(text, end);
    start = end + NEXT_ITEM;
  }
}

interface SomeItems {
  readonly values: readonly unknown[];
  /** Behind the last one's brace. */
  readonly end: number;
  readonly isLast: boolean;
}

/**
 * So many that looking for their end costs nothing, so few that V8 has them among what is young: a string
 * of more than 128 KiB is large, and many of those make it look through all that lives.
 */
const SOME_CHARACTERS = 90_000;

function someItems(text: string, start: number): SomeItems {
  const between = text.indexOf(BETWEEN_ITEMS, start + SOME_CHARACTERS);
  if (between >= 0) {
    const end = between + ITEM_END;
    const values = itemsIn(text.slice(start, end));
    if (values) return { values, end, isLast: false };
  }
  // What was found may be in a document that follows.
  const last = text.indexOf(LAST_ITEM_END, start);
  if (last < 0) throw new KubeFault(CUT);
  const end = last + ITEM_END;
  const values = itemsIn(text.slice(start, end));
  if (values) return { values, end, isLast: true };
  throw faultIn(text, start, end);
}

const BETWEEN_ITEMS = "\n        },\n        {";
const LAST_ITEM_END = "\n        }\n    ],";
const ITEM_END = "\n        }".length;
const NEXT_ITEM = ",\n        ".length;

/** Undefined where it is no JSON. */
function itemsIn(text: string): readonly unknown[] | undefined {
  try {
    const values: unknown = JSON.parse(`[${text}]`);
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

function faultIn(text: string, start: number, end: number): KubeFault {
  try {
    parseJson(`[${text.slice(start, end)}]`, text.slice(0, start).split("\n").length);
  } catch (error) {
    if (error instanceof KubeFault) return error;
    throw error;
  }
  return new KubeFault("not JSON");
}

/** The List's own fields behind its items, and documents that follow it. */
function* behindItems(text: string, at: number): Generator<KubeDocument> {
  const end = text.indexOf("\n}", at);
  if (end < 0) throw new KubeFault(CUT);
  const behind = text.slice(end + 2).trimStart();
  if (behind !== "") yield* kubeDocuments(behind);
}

/**
 * kubectl writes each item's dash in the first column, where nothing else of an item can stand. Its
 * dash becomes a space, so that the rest is a mapping; what follows the items is the List's own.
 */
function* yamlItems(text: string, first: number): Generator<KubeDocument> {
  let [start, index, line] = [first, 0, 3];
  while (text.startsWith("- ", start)) {
    const next = text.slice(start).search(/\n(?! )/);
    const end = next < 0 ? text.length : start + next + 1;
    const part = text.slice(start, end);
    for (const value of yamlDocuments(` ${part.slice(1)}`, line)) {
      yield { value, path: `items[${index}]` };
    }
    line += part.split("\n").length - 1;
    start = end;
    index++;
  }
  const behind = /^---\n/m.exec(text.slice(start));
  if (behind) yield* kubeDocuments(text.slice(start + behind.index + behind[0].length));
}

const CUT = "the JSON ends early: the file was cut";

function jsonDocuments(text: string): readonly unknown[] {
  const documents: unknown[] = [];
  let rest = text;
  while (rest.trim() !== "") {
    const end = documentEnd(rest);
    documents.push(parseJson(end === undefined ? rest : rest.slice(0, end)));
    rest = end === undefined ? "" : rest.slice(end);
    if (documents.length > MAX_DOCUMENTS)
      throw new KubeFault(`more than ${MAX_DOCUMENTS} documents`);
  }
  return documents;
}

/** Somebody who appends a list to a file does it a few times. */
const MAX_DOCUMENTS = 1000;

/** kubectl ends a document, and nothing else, by a brace in the first column. */
function documentEnd(text: string): number | undefined {
  const at = text.indexOf("\n}");
  return at < 0 ? undefined : at + 2;
}

function parseJson(text: string, firstLine = 1): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message quotes the text.
    const message = error instanceof Error ? error.message : "";
    if (message.includes("end of JSON")) throw new KubeFault(CUT);
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    if (position === undefined) throw new KubeFault("not JSON, though it begins like it");
    const line = text.slice(0, Number(position)).split("\n").length;
    throw new KubeFault(`line ${firstLine + line - 1}: not JSON`);
  }
}

function yamlDocuments(text: string, firstLine: number): readonly unknown[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  return [...documents].map((document) => {
    const [fault] = document.errors;
    if (fault === undefined) return document.toJS();
    const { line } = lines.linePos(fault.pos[0]);
    throw new KubeFault(`line ${firstLine + line - 1}: not YAML (${fault.code})`);
  });
}
