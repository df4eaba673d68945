import type { FiveTuple } from "#net/five-tuple.js";
import type { EpochNs } from "#net/types.js";

/** A connection as a node's conntrack table has it, or as an event says it. */
export interface ConntrackEntry {
  /** The node, or the pod with a network of its own, that the table is of. */
  readonly node: string;
  readonly protocol: string;
  /** As the first packet came in: what was dialled. */
  readonly original: FiveTuple;
  /** As answers come in: from where the first packet went to, to whom it then came from. */
  readonly reply: FiveTuple;
  /** `ESTABLISHED`, `SYN_SENT`, … of TCP and SCTP. */
  readonly state: string | undefined;
  /** No answer has come through. */
  readonly isUnreplied: boolean;
  readonly isAssured: boolean;
  /** Seconds until it is forgotten. */
  readonly timeoutSeconds: number | undefined;
  /** `conntrack -E`: what happened to it. */
  readonly event: "new" | "update" | "destroy" | undefined;
  /** `conntrack -E -o timestamp`. */
  readonly time: EpochNs | undefined;
  readonly zone: number;
  readonly mark: number;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}
