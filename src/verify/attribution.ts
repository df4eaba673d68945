/** What a connection that is not as intended comes from, as far as what was given tells. */
import type { RuleOwner } from "#expected/netfilter/rule.js";
import type { TableName } from "#expected/netfilter/hook.js";

export type Attribution =
  | RuleCause
  | MissingRuleCause
  | SettingCause
  | ConntrackCause
  | PathCause
  | ProxyCause
  | ServerCause
  | UnexplainedCause;

/** A rule of a saved file that is not intended, or that ends the packet's way. */
export interface RuleCause {
  readonly kind: "rule";
  /** `node1`, `pod p1a`. */
  readonly at: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly table: TableName;
  readonly chain: string;
  readonly owner: RuleOwner;
  /** As the file writes it. */
  readonly text: string;
  readonly does: "drops" | "rejects" | "is met";
  /** Which of the connection's packets. */
  readonly packets: CausePackets;
}

/** `data`: those behind the handshake. `tunnel`: the packets around the connection's own. */
export type CausePackets = "request" | "answer" | "data" | "tunnel";

/** A rule that a program should have written, and that is not in the saved file. */
export interface MissingRuleCause {
  readonly kind: "missing rule";
  readonly at: string;
  /** Where it is not. */
  readonly file: string;
  readonly table: TableName;
  readonly chain: string;
  readonly owner: RuleOwner | "sidecar";
  /** As its owner writes it; hashed names of chains are cut. */
  readonly text: string;
}

/** A sysctl, a route or an address of a node. */
export interface SettingCause {
  readonly kind: "setting";
  readonly at: string;
  /** Undefined where the saved files do not have it at all. */
  readonly file: string | undefined;
  /** `net.bridge.bridge-nf-call-iptables`, `route to 10.233.1.3`. */
  readonly setting: string;
  readonly value: string;
  readonly expected: string;
}

/** An entry of conntrack's table that decided instead of the rules. */
export interface ConntrackCause {
  readonly kind: "conntrack";
  readonly at: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Its protocol and both tuples, as the file writes them. */
  readonly entry: string;
  /** A clause behind the entry's place: what it does, and what the rules would. */
  readonly why: string;
}

/** Somewhere between two points, and what may have done it there: packets alone do not separate these. */
export interface PathCause {
  readonly kind: "path";
  readonly packets: Exclude<CausePackets, "tunnel">;
  /** The last capture point that saw the packet as intended; undefined where none did. */
  readonly last: string | undefined;
  /** The first behind it that should have seen it so; undefined where nothing was captured there. */
  readonly first: string | undefined;
  /** What the first shows instead. */
  readonly there:
    | "nothing"
    | "another source"
    | "another destination"
    | "source not translated"
    | "destination not translated"
    | "the node's own answer"
    | "other";
  readonly candidates: readonly string[];
  readonly collect: readonly string[];
}

/** A process that ended the connection and dialled on for its client. */
export interface ProxyCause {
  readonly kind: "proxy";
  readonly at: string;
  readonly program: string;
  /** The connection that it made; undefined where none is known to be it. */
  readonly carriedOn: string | undefined;
  readonly why: string;
}

/** The receiver itself: the request came to it as intended, or its own refusal came back. */
export interface ServerCause {
  readonly kind: "server";
  /** `pod p1a`, `a process on node1`. */
  readonly who: string;
  readonly does: "refuses" | "is silent" | "is gone" | "answers wrongly";
  /** The point that shows it; undefined where it follows from others. */
  readonly seenAt: string | undefined;
  /** What may be behind it. */
  readonly candidates: readonly string[];
  readonly collect: readonly string[];
}

/** Nothing that was given explains it. */
export interface UnexplainedCause {
  readonly kind: "not explained";
  readonly why: string;
  /** Commands and captures that would. */
  readonly collect: readonly string[];
}
