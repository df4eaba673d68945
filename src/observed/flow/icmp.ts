/**
 * ICMP as a conversation, after Zeek (packet_analysis/protocol/icmp/ICMP.cc) and Community ID v1: the
 * message type stands in for the sender's port and the type of its answer for the receiver's; a
 * message without an answer has its code there, and its opposite direction is another connection.
 */
import { IP_PROTOCOL } from "#net/protocol.js";

/** ICMP (RFC 792, RFC 950, RFC 1256): type of a query or answer to type of the other. */
const ICMP_COUNTERPART: ReadonlyMap<number, number> = new Map([
  [0, 8],
  [8, 0],
  [9, 10],
  [10, 9],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [17, 18],
  [18, 17],
]);

/** ICMPv6: echo (RFC 4443), multicast listener (RFC 2710), router and neighbour (RFC 4861), … */
const ICMP6_COUNTERPART: ReadonlyMap<number, number> = new Map([
  [128, 129],
  [129, 128],
  [130, 131],
  [131, 130],
  [133, 134],
  [134, 133],
  [135, 136],
  [136, 135],
  [139, 140],
  [140, 139],
  [144, 145],
  [145, 144],
]);

/** The type that answers `type`; undefined when it is no query and no answer. */
export function icmpCounterpart(protocol: number, type: number): number | undefined {
  return (protocol === IP_PROTOCOL.icmp ? ICMP_COUNTERPART : ICMP6_COUNTERPART).get(type);
}
