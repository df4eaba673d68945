/** The model's path of one packet. */
import type { Hook, TableName } from "./hook.js";
import type { ConntrackEntry } from "./conntrack.js";
import type { PredictedTuple } from "./predicted-tuple.js";
import type { Rule } from "./rule.js";
import type { RealServer, VirtualServer } from "./virtual-server.js";

/** What one hook decided (NF_ACCEPT, NF_DROP in include/uapi/linux/netfilter.h). */
export type HookVerdict = "accept" | "drop";

/**
 * What became of the packet in the end. `forwarded` means that it left by `Trace.out`, whether it
 * came from a wire or from a process; `unknown` is an answer: the model met its own limit.
 */
export type Disposition = "delivered-locally" | "forwarded" | "dropped" | "rejected" | "unknown";

export type Step = RuleStep | PolicyStep | RoutingStep | ConntrackStep | IpvsStep;

/** One rule that matched, and what it changed. */
export interface RuleStep {
  readonly kind: "rule";
  readonly hook: Hook;
  readonly table: TableName;
  readonly chain: string;
  readonly rule: Rule;
  readonly before: PredictedTuple;
  readonly after: PredictedTuple;
  readonly markBefore: number;
  readonly markAfter: number;
}

/** The end of a built-in chain whose policy is not to accept. */
export interface PolicyStep {
  readonly kind: "policy";
  readonly hook: Hook;
  readonly table: TableName;
  readonly chain: string;
  readonly line: number;
  readonly verdict: HookVerdict;
}

/** Where the packet goes next, or why nowhere. */
export interface RoutingStep {
  readonly kind: "routing";
  readonly tuple: PredictedTuple;
  /** `10.233.1.0/24 dev cni0`, `local`. */
  readonly decision: string;
}

/** A later packet of a connection is translated as its first one was. */
export interface ConntrackStep {
  readonly kind: "conntrack";
  readonly hook: Hook;
  readonly before: PredictedTuple;
  readonly after: PredictedTuple;
}

/** IPVS was asked. */
export interface IpvsStep {
  readonly kind: "ipvs";
  readonly hook: Hook;
  /** `to its real server`, `no virtual server for tcp 10.0.0.1:80`. */
  readonly decision: string;
  /** The one that takes the packet; undefined for none, and for later packets. */
  readonly server: VirtualServer | undefined;
  readonly realServer: RealServer | undefined;
  readonly before: PredictedTuple;
  readonly after: PredictedTuple;
  /** Beside what forwarding does: a packet for another machine's real server is not forwarded. */
  readonly ttlLowered: 0 | 1;
}

export interface Trace {
  readonly disposition: Disposition;
  /** Why, where no rule says it: a route, a sysctl, what the model does not know. */
  readonly reason: string | undefined;
  /** The rule that ended the packet's way, or that the model does not understand. */
  readonly rule: Rule | undefined;
  readonly steps: readonly Step[];
  readonly first: PredictedTuple;
  readonly final: PredictedTuple;
  /** The interface it left by. */
  readonly out: string | undefined;
  /** Its mark in the end, as routing rules and later programs see it. */
  readonly mark: number;
  /** Undefined for what conntrack does not know: untracked, invalid, or never accepted. */
  readonly entry: ConntrackEntry | undefined;
  /** Of this way among all that are possible, from 0 to 1. */
  readonly probability: number;
  /** What nobody said and the trace rests on. */
  readonly assumptions: readonly string[];
}
