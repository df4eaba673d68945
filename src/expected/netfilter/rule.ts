/** Rules as the model has them: what a table, a chain and a rule are, and every match and target. */
import type { Address } from "#net/address.js";
import type { EpochNs } from "#net/types.js";
import type { Prefix } from "#net/prefix.js";
import type { TableName } from "./hook.js";

/** The tables of one address family. */
export interface Ruleset {
  readonly file: string;
  /** What `iptables-save` said of itself. */
  readonly backend: "nf_tables" | "legacy" | undefined;
  readonly family: "ipv4" | "ipv6" | undefined;
  /**
   * When it was saved, in whole seconds and by the machine's local time, which the file does not name: read
   * here as if it were UTC.
   */
  readonly savedAt?: EpochNs | undefined;
  readonly tables: ReadonlyMap<TableName, ReadonlyMap<string, Chain>>;
  /** What the file says it leaves out, and lines that were not understood: `file:line: what`. */
  readonly notes: readonly string[];
}

export interface Chain {
  readonly name: string;
  /** Of a built-in chain; undefined for a user's, from whose end the caller goes on. */
  readonly policy: "accept" | "drop" | undefined;
  /** Where it is declared, from 1. */
  readonly line: number;
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** As the file writes it, without its counters. */
  readonly text: string;
  readonly table: TableName;
  readonly chain: string;
  readonly comment: string | undefined;
  /** Packets and bytes, where the file has counters. */
  readonly counters: { readonly packets: number; readonly bytes: number } | undefined;
  readonly owner: RuleOwner;
  readonly matches: readonly Match[];
  readonly target: Target;
}

/** Which program installed a rule, told by its chain and comment. */
export type RuleOwner =
  | "kube-proxy"
  | "kubelet"
  | "portmap"
  | "CNI bridge"
  | "Docker"
  | "flannel"
  | "Calico"
  | "Cilium"
  | "ip-masq-agent"
  | "kindnet"
  | "kube-router"
  | "unknown";

export type End = "source" | "destination";

/** From first to last, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** What a rule asks of a packet. `negated` is the `!` in front of the option. */
export type Match = { readonly negated: boolean } & MatchKind;

export type MatchKind =
  | { readonly kind: "protocol"; readonly protocol: string }
  | { readonly kind: "address"; readonly end: End; readonly prefix: Prefix }
  | {
      readonly kind: "port";
      readonly end: End | "either";
      readonly ranges: readonly Range[];
    }
  | { readonly kind: "interface"; readonly direction: "in" | "out"; readonly pattern: string }
  | {
      readonly kind: "address-type";
      readonly end: End;
      readonly types: readonly AddressType[];
      /** Only addresses of the interface that the packet came in or goes out by. */
      readonly limit: "in" | "out" | undefined;
    }
  | {
      readonly kind: "mark";
      readonly of: "packet" | "connection";
      readonly value: number;
      readonly mask: number;
    }
  | { readonly kind: "connection-state"; readonly states: readonly ConnectionStateWord[] }
  | {
      readonly kind: "connection-address";
      readonly tuple: ConntrackDirection;
      readonly end: End;
      readonly prefix: Prefix;
    }
  | {
      readonly kind: "connection-port";
      readonly tuple: ConntrackDirection;
      readonly end: End;
      readonly ranges: readonly Range[];
    }
  | { readonly kind: "connection-protocol"; readonly protocol: string }
  | { readonly kind: "connection-direction"; readonly direction: ConntrackDirection }
  | { readonly kind: "chance"; readonly probability: number }
  | {
      readonly kind: "recent";
      readonly operation: "set" | "check" | "remove";
      readonly name: string;
    }
  | { readonly kind: "bridge-port"; readonly is: BridgePortQuestion }
  | { readonly kind: "icmp-type"; readonly type: number; readonly codes: Range }
  | {
      readonly kind: "tcp-flags";
      readonly mask: readonly TcpFlag[];
      readonly set: readonly TcpFlag[];
    }
  | { readonly kind: "later-fragment" }
  /** Of the whole IP packet, in bytes. */
  | { readonly kind: "length"; readonly range: Range }
  /** Whether an answer would leave by the interface that the packet came in by. */
  | {
      readonly kind: "reverse-path";
      readonly isLoose: boolean;
      readonly acceptsLocal: boolean;
    }
  | { readonly kind: "set"; readonly name: string; readonly parts: readonly ("src" | "dst")[] }
  | { readonly kind: "unmodelled"; readonly option: string };

export type AddressType = "LOCAL" | "UNICAST" | "BROADCAST" | "MULTICAST";

export type ConntrackDirection = "original" | "reply";

/** `SNAT` and `DNAT` ask whether the entry translates, the others what the packet is to it. */
export const CONNECTION_STATES = [
  "NEW",
  "ESTABLISHED",
  "RELATED",
  "INVALID",
  "UNTRACKED",
  "SNAT",
  "DNAT",
] as const;
export type ConnectionStateWord = (typeof CONNECTION_STATES)[number];

export const TCP_FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"] as const;
export type TcpFlag = (typeof TCP_FLAGS)[number];

export type BridgePortQuestion =
  | { readonly ask: "came in by any" | "goes out by any" | "is bridged" }
  | { readonly ask: "came in by" | "goes out by"; readonly pattern: string };

/** What becomes of a packet that a rule's matches all say yes to. */
export type Target =
  | { readonly kind: "accept" | "drop" | "return" }
  | { readonly kind: "reject"; readonly with: string | undefined }
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  | ({ readonly kind: "dnat" | "snat" } & Translation)
  | { readonly kind: "masquerade" | "redirect"; readonly ports: PortChoice }
  | {
      readonly kind: "mark";
      readonly of: "packet" | "connection";
      /** The mark becomes (mark without `mask`) xor `value`. */
      readonly value: number;
      readonly mask: number;
    }
  | {
      readonly kind: "save-mark" | "restore-mark";
      readonly packetMask: number;
      readonly connectionMask: number;
    }
  | { readonly kind: "untrack" }
  /** Nothing that decides a packet's way: counting, logging, TCP options, checksums. */
  | { readonly kind: "no-effect"; readonly name: string | undefined }
  | { readonly kind: "unmodelled"; readonly name: string };

export interface Translation {
  /** Undefined: the address stays. */
  readonly addresses: { readonly first: Address; readonly last: Address } | undefined;
  readonly ports: PortChoice;
}

export interface PortChoice {
  /** Undefined: the port stays unless it is taken. */
  readonly range: Range | undefined;
  /** `--random`, `--random-fully`. */
  readonly isRandom: boolean;
}
