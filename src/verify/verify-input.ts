/** What `verify` is given: what was captured, what was told, and what nodes have saved. */
import type { GivenFacts } from "#cluster/facts.js";
import type { Ruleset } from "#expected/netfilter/rule.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import type { Connection } from "#observed/flow/connection.js";
import type { AutoScenario } from "./auto.js";
import type { ReadCapture } from "./point.js";

/** Nodes' own rules, routes and sysctls, by the node's name. */
export type NodeStates = Readonly<Record<"ipv4" | "ipv6", ReadonlyMap<string, NodeState>>>;

/** Nodes' rules as they were saved before the captures, with counters, by the node's name. */
export type EarlierRules = Readonly<Record<"ipv4" | "ipv6", ReadonlyMap<string, Ruleset>>>;

export interface VerifyInput {
  readonly scenario: Scenario | AutoScenario;
  readonly portmap: PortmapBehaviour;
  readonly given: GivenFacts;
  readonly captures: readonly ReadCapture[];
  readonly connections: readonly Connection[];
  /** A verdict that rests on an assumption becomes inconclusive. */
  readonly strict: boolean;
  /**
   * What was configured, beside what the topology intends: it decides no verdict, and says which
   * rule a failure comes from.
   */
  readonly states?: NodeStates | undefined;
  /** What nodes' conntrack said; undefined when nobody asked. It decides what packets leave open. */
  readonly conntrack?: readonly ConntrackEntry[] | undefined;
  /** Saved before the captures, where `states` was saved behind them: what the rules counted in between. */
  readonly earlierRules?: EarlierRules | undefined;
  /** `configured`: the nodes' own rules are what is expected, whatever the topology intends. */
  readonly expect?: "intended" | "configured";
  /** Connections whose journey is told, however many there are: ids, or endpoints of theirs. */
  readonly journeysOf?: readonly string[] | undefined;
}
