import type { PacketInput } from "./packet.js";
import type { Trace } from "./trace.js";

/**
 * The answer to a packet that got through: what its receiver sends back, and where that enters the
 * node. Undefined where nobody answers, or conntrack would not know the answer.
 */
export function replyTo({ entry, out, disposition }: Trace): PacketInput | undefined {
  if (entry === undefined) return undefined;
  const isLocal = disposition === "delivered-locally";
  if (!isLocal && out === undefined) return undefined;
  return {
    tuple: entry.reply,
    arrival: isLocal ? { from: "process" } : { from: "interface", name: out ?? "" },
    tracking: { state: "established", direction: "reply", entry },
    tcpFlags: ["SYN", "ACK"],
  };
}
