/** What to capture and save so that a scenario's checks can be decided: data, no text for a shell. */
import type { PointRole } from "#cluster/point-role.js";
import type { Address } from "#net/address.js";
import type { CheckName } from "#verify/report.js";

export interface Plan {
  readonly scenario: { readonly name: string; readonly question: string };
  /** What stands for what nobody told; none where a topology tells it. */
  readonly placeholders: readonly Placeholder[];
  /** Who dials what, each kind once. */
  readonly ways: readonly PlannedWay[];
  /** Outside machines first, then nodes. */
  readonly machines: readonly PlannedMachine[];
  readonly filter: CaptureFilter;
  /** What can be told with every capture taken. */
  readonly checks: readonly CheckName[];
  /** Ways of which no packet says what was dialled: a node's own process, translated at once. */
  readonly untold: readonly PlannedWay[];
  /** What the plan rests on and nobody said. */
  readonly assumptions: readonly string[];
}

/** Of the example cluster that stands for one that was not told. */
export interface Placeholder {
  /** `NODE_IP`. */
  readonly name: string;
  /** What stands in the plan where the name has to: `192.0.2.1`, a port or a machine's name. */
  readonly stands: string;
  readonly meaning: string;
}

export interface PlannedWay {
  /** The scenario's sentence about such traffic. */
  readonly name: string;
  /** The tuples in the order in which they are seen, each once: `203.0.113.9:* > 192.0.2.1:9000`. */
  readonly tuples: readonly string[];
}

export interface PlannedMachine {
  readonly kind: "outside" | "node";
  readonly name: string;
  readonly addresses: readonly Address[];
  /** Docker alone runs its containers. */
  readonly isDockerHost: boolean;
  readonly captures: readonly PlannedCapture[];
  /** Pods that have rules of their own to save. */
  readonly podsWithRules: readonly string[];
}

export interface PlannedCapture {
  /** The file's name without `.pcap`, by which a capture point is recognised. */
  readonly name: string;
  readonly role: PointRole;
  /** Undefined where nobody told its name: a veth's, or of a machine outside. */
  readonly interface: string | undefined;
  /** Whose namespace it is taken in, or to whom the veth leads. */
  readonly pod: string | undefined;
  /** Whole packets of other nodes' VXLAN that come by here too. */
  readonly tunnels: readonly PlannedTunnel[];
  /** Tuples that this point must show, each once. */
  readonly shows: readonly string[];
  /** What cannot be told of some connection without this capture, where all others are there. */
  readonly lost: readonly CheckName[];
  /** Nearest captures before and behind it on the way: a loss at it is told no nearer than between these. */
  readonly between: { readonly before: string | undefined; readonly behind: string | undefined };
}

export interface PlannedTunnel {
  readonly port: number;
  readonly ends: readonly [Address, Address];
}

/** Every address and port of the server's side, before translation and after. */
export interface CaptureFilter {
  readonly ends: readonly FilterEnd[];
  readonly family: "ipv4" | "ipv6" | "both";
}

export interface FilterEnd {
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly address: Address;
  /** Undefined: any, as of a server outside that nobody named the port of. */
  readonly port: number | undefined;
}
