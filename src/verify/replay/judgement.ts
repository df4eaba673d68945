/** Which paths of the model are nearest to a conversation. */
import type { Dial } from "#expected/network/path.js";
import type { Classified } from "#expected/scenarios/classify.js";
import type { Dialled } from "#verify/dialled.js";
import { distance, type Comparison } from "./compare.js";
import type { ByRow } from "./followed-paths.js";

/** One path that a conversation may have taken. */
export interface Option {
  readonly dial: Dial;
  readonly comparison: Comparison;
  readonly classified: Classified | undefined;
  /** Where a row of the user's own says what is expected. */
  readonly byRow?: JudgedByRow | undefined;
}

export interface JudgedByRow extends Omit<ByRow, "model"> {
  /** What was seen against the model's own way. */
  readonly model: Comparison;
}

export interface Judgement {
  /** Those that explain as much as the best one does; more than one leaves a choice. */
  readonly nearest: readonly [Option, ...(readonly Option[])];
  /** Every path of the best one's dial. */
  readonly branches: readonly Comparison[];
  /** True when a capture shows the connection as it was dialled, or conntrack has it. */
  readonly isDialSeen: boolean;
  /** True when a capture shows it as it came to the node that handles it. */
  readonly isArrivalSeen: boolean;
  /** What conntrack has of a dial that no capture shows; undefined where it was not asked. */
  readonly dialled?: DialledBy;
}

/** What conntrack says, and what the packets say to it. */
export type DialledBy =
  | { readonly kind: "decided" | "contradicted" | "unlisted"; readonly by: Dialled }
  | { readonly kind: "unknown"; readonly reason: string };

export type Nearest = Judgement["nearest"];

/** Those that explain as much as the best one does. */
export function nearestOf(options: readonly Option[]): Nearest | undefined {
  const ranked = options
    .map((option) => ({ option, far: farness(option) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  if (!best) return undefined;
  const [first = best.option, ...rest] = ranked
    .filter(({ far }) => far === best.far)
    .map(({ option }) => option);
  return [first, ...rest];
}

/**
 * Which way a connection went decides the row that is about it, also where the row wants another: then
 * the model tells the way.
 */
export function farness({ comparison, byRow }: Option): number {
  const far = distance(comparison);
  return byRow ? Math.min(far, distance(byRow.model)) : far;
}

export function branchesOf(
  options: readonly Option[],
  [{ dial: nearest }]: Nearest,
): readonly Comparison[] {
  return options.filter(({ dial }) => dial === nearest).map(({ comparison }) => comparison);
}
