import { createHash } from "node:crypto";
import { IP_PROTOCOL } from "#net/protocol.js";
import { icmpCounterpart } from "./icmp.js";

/** One direction of a connection, as the ID needs it. */
export interface CommunityTuple {
  /** IP protocol number. */
  readonly protocol: number;
  readonly source: CommunityEnd;
  readonly destination: CommunityEnd;
}

interface CommunityEnd {
  /** 4 or 16 bytes in network order. */
  readonly address: Uint8Array;
  /** For ICMP the type, and the type of the answer or the code. */
  readonly port: number;
}

const SEED = 0;

/**
 * Community ID v1, seed 0 (github.com/corelight/community-id-spec): the same text for both directions
 * in every tool that writes one. An ICMP message that has no answer keeps its direction.
 */
export function communityId({ protocol, source, destination }: CommunityTuple): string {
  const keepsDirection = isIcmp(protocol) && icmpCounterpart(protocol, source.port) === undefined;
  const inOrder = keepsDirection || isBefore(source, destination);
  const first = inOrder ? source : destination;
  const second = inOrder ? destination : source;
  const width = first.address.length;
  const hasPorts = HAS_PORTS.has(protocol);
  const bytes = Buffer.alloc(2 + 2 * width + 2 + (hasPorts ? 4 : 0));
  bytes.writeUInt16BE(SEED, 0);
  bytes.set(first.address, 2);
  bytes.set(second.address, 2 + width);
  bytes[2 + 2 * width] = protocol;
  if (hasPorts) {
    bytes.writeUInt16BE(first.port, 4 + 2 * width);
    bytes.writeUInt16BE(second.port, 6 + 2 * width);
  }
  return `1:${createHash("sha1").update(bytes).digest("base64")}`;
}

const HAS_PORTS: ReadonlySet<number> = new Set([
  IP_PROTOCOL.icmp,
  IP_PROTOCOL.tcp,
  IP_PROTOCOL.udp,
  IP_PROTOCOL.icmp6,
  IP_PROTOCOL.sctp,
]);

function isIcmp(protocol: number): boolean {
  return protocol === IP_PROTOCOL.icmp || protocol === IP_PROTOCOL.icmp6;
}

function isBefore(a: CommunityEnd, b: CommunityEnd): boolean {
  const order = Buffer.compare(a.address, b.address);
  return order === 0 ? a.port < b.port : order < 0;
}
