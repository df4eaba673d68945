import type { PredictedTuple } from "./predicted-tuple.js";
import type { Range, TcpFlag } from "./rule.js";
import type { Tracking } from "./conntrack.js";

/** One packet on its way through a node. */
export interface Packet {
  readonly tuple: PredictedTuple;
  readonly mark: number;
  /** The interface it came in by; a bridge's name for a frame from one of its ports. */
  readonly in: string | undefined;
  readonly out: string | undefined;
  /** Undefined for a packet that no bridge handed to the node. */
  readonly bridgePort: BridgePort | undefined;
  readonly tracking: Tracking;
  /** Of a TCP segment; a first packet has SYN alone. */
  readonly tcpFlags: readonly TcpFlag[];
  /** Type and code of an ICMP packet. */
  readonly icmp: { readonly type: number; readonly code: number } | undefined;
  /** What the IP packet's length in bytes lies between; one value where it is known. */
  readonly lengthBytes: Range;
}

/** The port of a bridge that a frame came in by. */
export interface BridgePort {
  /** Undefined when it is only known to be one of them. */
  readonly name: string | undefined;
}

/** Where a packet enters the node's network: from a wire, or from one of its own processes. */
export type Arrival =
  | { readonly from: "interface"; readonly name: string }
  | { readonly from: "process" };

export interface PacketInput {
  readonly tuple: PredictedTuple;
  readonly arrival: Arrival;
  /** Undefined for the first packet of a connection. */
  readonly tracking?: Tracking;
  readonly tcpFlags?: readonly TcpFlag[];
  readonly icmp?: { readonly type: number; readonly code: number };
  /** Of the whole IP packet. */
  readonly lengthBytes?: number;
}
