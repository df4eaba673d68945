/**
 * What a file's name says of a node's state: `NODE.iptables-save.txt`, and the names that support
 * bundles give, with the node before or behind.
 */
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "../exit.js";
import { STATE_KINDS, type StateKind } from "./state-kind.js";

export interface StateName {
  /** Empty where the name is the kind alone. */
  readonly node: string;
  readonly kind: StateKind;
}

/**
 * `NODE.KIND` counts before all others, as this is how the documentation spells it.
 * @throws CannotCheck for a name that may be two nodes'; `file` is what the message calls it.
 */
export function readStateName(file: string): StateName | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const whole = STATE_KINDS.find((kind) => kind === name);
  if (whole) return { node: "", kind: whole };
  const documented = STATE_KINDS.find((kind) => name.endsWith(`.${kind}`));
  if (documented) return { node: name.slice(0, -documented.length - 1), kind: documented };
  const readings = STATE_KINDS.flatMap((kind) => looseReadings(name, kind));
  const [reading, ...others] = readings.filter(({ node }) => node !== "");
  if (reading && others.length > 0) {
    throw new CannotCheck(ambiguous(file, [reading, ...others]));
  }
  return reading;
}

/** `NODE-KIND`, `NODE_KIND`, and with the node behind: `iptables-save-NODE.txt`. */
function looseReadings(name: string, kind: StateKind): readonly StateName[] {
  const dot = kind.lastIndexOf(".");
  const [stem, ending] = [kind.slice(0, dot), kind.slice(dot)];
  const isBefore = ["-", "_"].some((mark) => name.endsWith(`${mark}${kind}`));
  const isBehind =
    name.endsWith(ending) && ["-", "_"].some((mark) => name.startsWith(`${stem}${mark}`));
  return [
    ...(isBefore ? [{ node: name.slice(0, -kind.length - 1), kind }] : []),
    ...(isBehind ? [{ node: name.slice(stem.length + 1, -ending.length), kind }] : []),
  ];
}

function ambiguous(file: string, readings: readonly StateName[]): string {
  const list = readings.map(({ node, kind }) => `    ${sanitize(node)}'s ${kind}`).join("\n");
  const [first] = readings;
  const example = `${sanitize(first?.node ?? "NODE")}.${first?.kind ?? "iptables-save.txt"}`;
  return `${sanitize(file)}: its name can be read in several ways\n${list}\n    try       call it ${example}`;
}
