import { closest } from "#net/closest.js";
import { sanitize } from "#report/sanitize.js";
import { COLOURED, PLAIN, type Style } from "#report/style.js";
import { CannotCheck } from "./exit.js";
import type { Io, OutputStream } from "./io.js";

const WHEN = ["auto", "always", "never"] as const;
export type ColourChoice = (typeof WHEN)[number];

export function readColourChoice(text: string): ColourChoice {
  const choice = WHEN.find((known) => known === text);
  if (choice === undefined) throw new CannotCheck(unknownChoice(text));
  return choice;
}

function unknownChoice(text: string): string {
  const near = closest(text, WHEN);
  const question = near === undefined ? "" : `did you mean ${near}? `;
  return `--color ${sanitize(text)}: ${question}choose auto, always or never`;
}

/**
 * One decision for each stream: the flag, then NO_COLOR (no-color.org: set and not empty), then
 * FORCE_COLOR (0 and false mean no), then whether a terminal reads it that is not TERM=dumb.
 */
export function takesColour(choice: ColourChoice, stream: OutputStream, env: Io["env"]): boolean {
  if (choice !== "auto") return choice === "always";
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"] ?? "";
  if (force !== "") return force !== "0" && force !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

export function styleOf(choice: ColourChoice, stream: OutputStream, env: Io["env"]): Style {
  return takesColour(choice, stream, env) ? COLOURED : PLAIN;
}
