import type { Packet } from "./packet.js";
import type { Target } from "./rule.js";

export type MarkTarget = Extract<Target, { kind: "mark" | "save-mark" | "restore-mark" }>;

/**
 * Marks are 32 bits. The mark becomes (mark without mask) xor value; iptables writes its other
 * operations so (iptables extensions/libxt_MARK.c, linux net/netfilter/xt_connmark.c).
 */
export function applyMark(target: MarkTarget, packet: Packet): Packet {
  const { mark, tracking } = packet;
  const { entry } = tracking;
  switch (target.kind) {
    case "mark":
      return target.of === "packet"
        ? { ...packet, mark: marked(mark, target) }
        : withConnectionMark(packet, marked(entry.mark, target));
    case "save-mark": {
      const kept = entry.mark & ~target.connectionMask;
      return withConnectionMark(packet, (kept ^ (mark & target.packetMask)) >>> 0);
    }
    case "restore-mark": {
      const kept = mark & ~target.packetMask;
      return { ...packet, mark: (kept ^ (entry.mark & target.connectionMask)) >>> 0 };
    }
  }
}

function marked(mark: number, { value, mask }: { value: number; mask: number }): number {
  return ((mark & ~mask) ^ value) >>> 0;
}

function withConnectionMark(packet: Packet, mark: number): Packet {
  const { tracking } = packet;
  if (tracking.state === "invalid" || tracking.state === "untracked") return packet;
  return { ...packet, tracking: { ...tracking, entry: { ...tracking.entry, mark } } };
}
