import type { Topology } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";

/** A cluster as the model walks it: every network namespace with its interfaces, routes and rules. */
export interface Network {
  readonly topology: Topology;
  readonly family: "ipv4" | "ipv6";
  /** By the node's name. */
  readonly nodes: ReadonlyMap<string, NodeState>;
  /** Pods and containers that have a namespace of their own, by name. */
  readonly pods: ReadonlyMap<string, NodeState>;
  /** What the topology does not say and the network rests on. */
  readonly assumptions: readonly string[];
}
