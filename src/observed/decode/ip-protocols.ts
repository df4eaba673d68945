import { decodeAuthenticationHeader } from "./authentication-header.js";
import type { Cursor, Decoder, Next } from "./cursor.js";
import { decodeGre } from "./gre.js";
import { decodeIcmp } from "./icmp.js";
import { decodeIcmp6 } from "./icmp6.js";
import { decodeIpv4InIp, decodeIpv6InIp } from "./ip-in-ip.js";
import { IP_PROTOCOL_NAMES } from "./ip-protocol-names.js";
import { decodeSctp } from "./sctp.js";
import { faultPerNumber, unsupported } from "./stopping.js";
import { decodeTcp } from "./tcp.js";
import { decodeUdp } from "./udp.js";

/** Every IP protocol we read. To add one: write its file, add its line. */
const IP_PROTOCOLS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [1, decodeIcmp],
  [4, decodeIpv4InIp],
  [6, decodeTcp],
  [17, decodeUdp],
  [41, decodeIpv6InIp],
  [47, decodeGre],
  [51, decodeAuthenticationHeader],
  [58, decodeIcmp6],
  [132, decodeSctp],
]);

/** By number: an array of 256 is found faster than a Map's entry, and this is done per packet. */
const DECODERS = Array.from({ length: 256 }, (_, value) => IP_PROTOCOLS.get(value));

/** The layer that `cursor.ip.protocol` names. */
export function decodeIpProtocol(cursor: Cursor): Next {
  const decode = DECODERS[cursor.ip.protocol];
  return decode ? decode(cursor) : unsupported(cursor, unknownProtocol(cursor.ip.protocol));
}

const unknownProtocol = faultPerNumber((value) => {
  const name = IP_PROTOCOL_NAMES.get(value);
  return {
    layer: "IP protocol",
    reason: name === undefined ? `IP protocol ${value}` : `IP protocol ${value} (${name})`,
  };
});
