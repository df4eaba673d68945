/** The model's way of one connection through a cluster, from the socket that dials and back. */
import type { Arrival } from "#expected/netfilter/packet.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Rule } from "#expected/netfilter/rule.js";
import type { Trace } from "#expected/netfilter/trace.js";
import type { Address } from "#net/address.js";

/** Whose socket it is. */
export type Party =
  | { readonly kind: "pod"; readonly name: string }
  /** A process in the node's own namespace; a hostNetwork pod is one. */
  | { readonly kind: "node"; readonly name: string }
  | { readonly kind: "outside"; readonly address: Address };

/** A first packet: who sends it, and with which tuple, before anything has translated it. */
export interface Dial {
  readonly from: Party;
  /** The source port may be any; the destination's is a number, 0 for ICMP. */
  readonly tuple: PredictedTuple;
  /** The node that a packet from outside reaches first; undefined: whose address it dials. */
  readonly via?: string;
}

/** A network namespace that the packet passes. */
export interface Hop {
  readonly namespace: { readonly kind: "node" | "pod"; readonly name: string };
  readonly arrival: Arrival;
  /** Its way through this namespace: what it was, every rule, what it became. */
  readonly trace: Trace;
  /** 1 where it was routed, 0 where it was bridged, sent or delivered here. */
  readonly ttlLowered: 0 | 1;
  /** The outer packet that it leaves this namespace in, VXLAN over UDP; undefined: as it is. */
  readonly outer: PredictedTuple | undefined;
}

/** One way that a connection can take, where a rule leaves it to chance one of several. */
export interface Path {
  readonly dial: Dial;
  readonly probability: number;
  readonly request: readonly Hop[];
  readonly end: PathEnd;
  /** The answer's way; undefined where nobody answers. */
  readonly reply: Reply | undefined;
  /** What nobody said and the path rests on. */
  readonly assumptions: readonly string[];
}

/** Where the first packet's way ends. */
export type PathEnd =
  | {
      readonly kind: "delivered";
      readonly to: Party;
      /** As the receiving socket sees it. */
      readonly tuple: PredictedTuple;
      /** A process that ends the connection here and dials on for its client; undefined: none known. */
      readonly proxy: Proxy | undefined;
    }
  | {
      readonly kind: "dropped" | "rejected" | "unknown";
      readonly namespace: Hop["namespace"];
      readonly rule: Rule | undefined;
      readonly reason: string | undefined;
    };

/** The second of two connections, and what the first gave rise to it. */
export interface Proxy {
  readonly program: "docker-proxy" | "kube-proxy" | "ingress" | "sidecar";
  /** What it dials; a proxy that chooses among endpoints dials one of several. */
  readonly dials: readonly Dial[];
}

export interface Reply {
  readonly hops: readonly Hop[];
  /** As it arrives at the socket that dialled; undefined where it does not arrive. */
  readonly arrives: PredictedTuple | undefined;
  /** False where the dialling socket does not know it: its stack answers with a reset. */
  readonly isRecognised: boolean;
}
