/** Builds tunnel headers; what is around them (UDP, IP) comes from the other builders. */
import { concat, uint16, uint32, uint8 } from "./packet-bytes.js";
import { ETHER_TYPE } from "./packet-link.js";
import { buildIpv4, PROTOCOL, type Ipv4Fields } from "./packet-network.js";
import { buildUdp } from "./packet-transport.js";

/** `flags` 8 marks the network identifier as valid; without it, it is no VXLAN. */
export function buildVxlan({ vni = 1, flags = 0x08 }, frame: Uint8Array): Uint8Array {
  return concat(uint8(flags, 0, 0, 0), uint32(vni << 8), frame);
}

/** VXLAN in UDP in IPv4: what flannel puts on the wire around an Ethernet frame. */
export function buildVxlanPacket(
  { vni = 1, port = 8472, ...outer }: Ipv4Fields & { vni?: number; port?: number },
  frame: Uint8Array,
): Uint8Array {
  const datagram = buildUdp(
    { sourcePort: 55000, destinationPort: port },
    buildVxlan({ vni }, frame),
  );
  return buildIpv4({ ...outer, protocol: PROTOCOL.udp }, datagram);
}

export interface GeneveFields {
  readonly vni?: number;
  /** Default: Ethernet. */
  readonly etherType?: number;
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array;
  readonly version?: number;
}

export function buildGeneve(fields: GeneveFields, payload: Uint8Array): Uint8Array {
  const { vni = 1, etherType = ETHER_TYPE.ethernet, version = 0 } = fields;
  const { options = new Uint8Array(0) } = fields;
  return concat(
    uint8((version << 6) | (options.length / 4), 0),
    uint16(etherType),
    uint32(vni << 8),
    options,
    payload,
  );
}

export interface GreFields {
  /** Default: IPv4. */
  readonly etherType?: number;
  readonly checksum?: number;
  readonly key?: number;
  readonly sequence?: number;
  readonly version?: number;
}

/** Checksum, key and sequence number are there if given. */
export function buildGre(fields: GreFields, payload: Uint8Array): Uint8Array {
  const { etherType = ETHER_TYPE.ipv4, checksum, key, sequence, version = 0 } = fields;
  const flags =
    (checksum === undefined ? 0 : 0x8000) |
    (key === undefined ? 0 : 0x2000) |
    (sequence === undefined ? 0 : 0x1000);
  return concat(
    uint16(flags | version, etherType),
    checksum === undefined ? new Uint8Array(0) : uint16(checksum, 0),
    key === undefined ? new Uint8Array(0) : uint32(key),
    sequence === undefined ? new Uint8Array(0) : uint32(sequence),
    payload,
  );
}
