/** Builds IP packets. Lengths and IPv4's header checksum are right unless a test asks otherwise. */
import { addressBytes, checksum, concat, uint16, uint32, uint8 } from "./packet-bytes.js";

/** IP protocol numbers by name. */
export const PROTOCOL = {
  icmp: 1,
  ipip: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  icmp6: 58,
  none: 59,
  sctp: 132,
} as const;

export interface Ipv4Fields {
  readonly source?: string;
  readonly destination?: string;
  /** Default: TCP. */
  readonly protocol?: number;
  readonly ttl?: number;
  readonly id?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array;
  /** Default: of header and payload. */
  readonly totalLength?: number;
}

export function buildIpv4(fields: Ipv4Fields, payload: Uint8Array): Uint8Array {
  const { source = "10.0.0.1", destination = "10.0.0.2", protocol = PROTOCOL.tcp } = fields;
  const { ttl = 64, id = 1, fragmentOffset = 0, options = new Uint8Array(0) } = fields;
  const headerLength = 20 + options.length;
  const { totalLength = headerLength + payload.length } = fields;
  const flags = (fields.dontFragment ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0);
  const header = concat(
    uint8(0x40 | (headerLength / 4), 0),
    uint16(totalLength, id, flags | (fragmentOffset / 8)),
    uint8(ttl, protocol),
    uint16(0),
    addressBytes(source),
    addressBytes(destination),
    options,
  );
  header.set(uint16(checksum(header)), 10);
  return concat(header, payload);
}

export interface Ipv6Fields {
  readonly source?: string;
  readonly destination?: string;
  /** What follows, extension headers included. Default: TCP. */
  readonly nextHeader?: number;
  readonly hopLimit?: number;
  /** Default: the payload's. */
  readonly payloadLength?: number;
}

export function buildIpv6(fields: Ipv6Fields, payload: Uint8Array): Uint8Array {
  const { source = "2001:db8::1", destination = "2001:db8::2" } = fields;
  const { nextHeader = PROTOCOL.tcp, hopLimit = 64, payloadLength = payload.length } = fields;
  return concat(
    uint8(0x60, 0, 0, 0),
    uint16(payloadLength),
    uint8(nextHeader, hopLimit),
    addressBytes(source),
    addressBytes(destination),
    payload,
  );
}

/** The kinds of IPv6 extension headers, as the header before names them. */
export const EXTENSION = {
  hopByHop: 0,
  routing: 43,
  fragment: 44,
  authentication: 51,
  destination: 60,
} as const;

/** Hop-by-hop, routing or destination options, filled with zeros. `bytes` is a multiple of 8. */
export function buildExtension(
  { nextHeader = PROTOCOL.tcp as number, bytes = 8 },
  payload: Uint8Array,
): Uint8Array {
  return concat(uint8(nextHeader, bytes / 8 - 1), new Uint8Array(bytes - 2), payload);
}

/** `offset` in bytes, a multiple of 8. */
export function buildFragmentHeader(
  { nextHeader = PROTOCOL.tcp as number, offset = 0, more = false, id = 1 },
  payload: Uint8Array,
): Uint8Array {
  return concat(uint8(nextHeader, 0), uint16(offset | (more ? 1 : 0)), uint32(id), payload);
}

/** An AH header with a 12-byte check value. */
export function buildAuthentication(
  { nextHeader = PROTOCOL.tcp as number },
  payload: Uint8Array,
): Uint8Array {
  return concat(uint8(nextHeader, 4), uint16(0), uint32(1, 1), new Uint8Array(12), payload);
}
