/** `--state`, `--state-before`, `--as-configured`, and what a bundle has instead. */
import type { EarlierRules } from "#verify/verify-input.js";
import type { SavedState } from "./bundle/saved-in.js";
import { earlierRulesIn, readEarlierRules } from "./earlier-rules.js";
import { CannotCheck } from "./exit.js";
import type { VerifyFlags } from "./flags.js";
import type { SavedNodes } from "./node-files.js";
import { stateFiles } from "./state-files.js";

export interface GivenState {
  /** Undefined where nobody saved any. */
  readonly nodes: SavedNodes | undefined;
  /** Whether a flag names it: then what is missing of it is a fault of the command line. */
  readonly by: "--state" | "bundle";
  /** Of before the captures; undefined where nobody saved it. */
  readonly earlierRules: EarlierRules | undefined;
}

/** @throws CannotCheck for a flag that needs state where there is none. */
export function readStateOptions(flags: VerifyFlags, bundled: SavedState): GivenState {
  const { state, stateBefore, asConfigured } = flags;
  const nodes =
    state === undefined ? inBundles(bundled) : { folder: state, files: stateFiles(state) };
  if (asConfigured && !nodes) {
    throw new CannotCheck("--as-configured needs --state DIR with the rules");
  }
  if (stateBefore !== undefined && !nodes) {
    throw new CannotCheck("--state-before needs --state DIR, saved after the captures");
  }
  const isBundle = state === undefined;
  const before = isBundle ? earlierRulesIn(bundled.earlierStates) : undefined;
  return {
    nodes,
    by: isBundle ? "bundle" : "--state",
    earlierRules: stateBefore === undefined ? before : readEarlierRules(stateBefore),
  };
}

function inBundles({ paths, states }: SavedState): SavedNodes | undefined {
  return states.size === 0 ? undefined : { folder: paths.join(" and "), files: states };
}
