/** What `-o FORMAT[=FILE]` says, once or several times: formats, and where each goes. */
import { isatty } from "node:tty";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck, messageOf } from "./exit.js";
import { readFormat } from "./format-option.js";
import { expandHome } from "./expand-home.js";
import type { Io } from "./io.js";
import { outputPlace, type OutputPlace } from "./output-place.js";
import { refuseInputs } from "./refuse-inputs.js";

export interface OutputFormat {
  readonly name: string;
  /** No text: not for a terminal. */
  readonly isBinary?: true;
}

export interface OutputTarget<Format> {
  readonly format: Format;
  readonly place: OutputPlace;
}

export interface OutputChoice<Format> {
  /** As typed behind `-o`; undefined without. */
  readonly words: readonly string[] | undefined;
  /** The first is for a person: it goes to standard output where nothing else does. */
  readonly formats: readonly [Format, ...Format[]];
  /** Words that name what is read, `POINT=FILE` and globs among them: nothing is written over that. */
  readonly inputs: readonly string[];
  readonly io: Pick<Io, "stdout" | "env">;
}

/** Before anything is read, so that nobody waits for a report that has no place. */
export function readOutputTargets<Format extends OutputFormat>({
  words = [],
  formats,
  inputs,
  io,
}: OutputChoice<Format>): readonly OutputTarget<Format>[] {
  const typed = words.map((word) => ({ word, ...readTarget(word, { formats, io }) }));
  refuseTwice(typed);
  for (const { word, place, format } of typed) {
    if (place.kind === "file") refuseInputs({ word, file: place.file, inputs });
    if (format.isBinary && isTerminal(place, io)) throw new CannotCheck(asBytes(format.name));
  }
  if (typed.some(({ place }) => place.kind === "stdout")) return typed;
  return [...typed, { format: formats[0], place: { kind: "stdout" } }];
}

function readTarget<Format extends OutputFormat>(
  word: string,
  { formats, io }: Pick<OutputChoice<Format>, "formats" | "io">,
): OutputTarget<Format> {
  const at = word.indexOf("=");
  const format = readFormat({ text: at < 0 ? word : word.slice(0, at), formats });
  if (at < 0) return { format, place: { kind: "stdout" } };
  const name = word.slice(at + 1);
  if (name === "") throw new CannotCheck(`-o ${sanitize(word)}: no file behind the =`);
  try {
    return { format, place: outputPlace(expandHome(name, io.env["HOME"])) };
  } catch (error) {
    throw new CannotCheck(`-o ${sanitize(word)}: ${sanitize(messageOf(error))}`);
  }
}

interface Typed extends OutputTarget<OutputFormat> {
  readonly word: string;
}

function refuseTwice(typed: readonly Typed[]): void {
  const taken = new Map<string, Typed>();
  for (const target of typed) {
    const key = keyOf(target.place);
    const other = key === undefined ? undefined : taken.get(key);
    if (other) throw new CannotCheck(bothTo(other, target));
    if (key !== undefined) taken.set(key, target);
  }
}

/** Undefined for a place that takes any number, as /dev/null. */
function keyOf(place: OutputPlace): string | undefined {
  switch (place.kind) {
    case "stdout":
      return "stdout";
    case "file":
      return `file ${place.file.identity}`;
    case "stream":
      return place.descriptor === undefined ? undefined : `descriptor ${place.descriptor}`;
  }
}

function bothTo(one: Typed, other: Typed): string {
  const both = `-o ${sanitize(one.word)} and -o ${sanitize(other.word)}`;
  if (one.place.kind !== "stdout")
    return `${both}: two into one file; name another for one of them`;
  const { name } = other.format;
  return `${both}: two to standard output; name a file for one of them\n    try       -o ${name}=FILE`;
}

function isTerminal(place: OutputPlace, { stdout }: OutputChoice<OutputFormat>["io"]): boolean {
  if (place.kind === "stdout") return stdout.isTTY === true;
  if (place.kind === "file") return false;
  const { descriptor, path } = place;
  return descriptor === undefined ? /^\/dev\/(tty|pts\/)/.test(path) : isatty(descriptor);
}

function asBytes(name: string): string {
  return `-o ${name}: not to a terminal, it is no text\n    try       -o ${name}=FILE`;
}
