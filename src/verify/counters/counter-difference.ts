/** What a rule counted between two snapshots of its node, beside the connections that should account for it. */
import type { Rule } from "#expected/netfilter/rule.js";

export interface CounterDifference {
  /** `node1`, `pod p1a`. */
  readonly at: string;
  /** As the later snapshot has it. */
  readonly rule: Rule;
  /** Undefined where the two snapshots cannot be compared: the rule was replaced in between. */
  readonly packets: number | undefined;
  /** Captured connections that meet it by the saved rules. */
  readonly connections: readonly string[];
  /**
   * Packets that these must and can have counted: of nat a connection's first packet alone, of the other tables
   * every one of its packets that no earlier rule decides, so that there is no bound.
   */
  readonly expected: { readonly atLeast: number; readonly atMost: number | undefined };
  readonly verdict: CounterVerdict;
}

/** More is no fault: not all that a node forwards is captured. */
export type CounterVerdict =
  | "as captured"
  | "more than captured"
  | "fewer than captured"
  | "not comparable";
