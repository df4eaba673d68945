/** Builds link layers: each takes the fields a test cares about, and what the layer carries. */
import { addressBytes, concat, macBytes, uint16, uint32, uint8 } from "./packet-bytes.js";

/** EtherTypes by the name of what follows. */
export const ETHER_TYPE = {
  ipv4: 0x0800,
  arp: 0x0806,
  ethernet: 0x6558,
  vlan: 0x8100,
  ipv6: 0x86dd,
  mpls: 0x8847,
  pppoe: 0x8864,
  qinq: 0x88a8,
} as const;

export interface EthernetFields {
  readonly destination?: string;
  readonly source?: string;
  /** Default: IPv4. */
  readonly etherType?: number;
  /** A frame has at least 60 bytes on the wire: fills it up with this many zeros. Default 0. */
  readonly padding?: number;
}

export function buildEthernet(fields: EthernetFields, payload: Uint8Array): Uint8Array {
  const {
    destination = "02:00:00:00:00:02",
    source = "02:00:00:00:00:01",
    etherType = ETHER_TYPE.ipv4,
    padding = 0,
  } = fields;
  return concat(
    macBytes(destination),
    macBytes(source),
    uint16(etherType),
    payload,
    new Uint8Array(padding),
  );
}

/** What follows a VLAN tag's own EtherType: priority and number, then the next EtherType. */
export function buildVlan(
  { vlan = 1, etherType = ETHER_TYPE.ipv4 as number },
  payload: Uint8Array,
): Uint8Array {
  return concat(uint16(vlan, etherType), payload);
}

/** A stack of labels, outermost first; the last has the bottom-of-stack bit. */
export function buildMpls({ labels = [16] }, payload: Uint8Array): Uint8Array {
  const stack = labels.map((label, at) => {
    const bottom = at === labels.length - 1 ? 0x100 : 0;
    return uint32((label << 12) | bottom | 64);
  });
  return concat(...stack, payload);
}

export interface PppoeFields {
  readonly session?: number;
  /** Default: of protocol and payload. */
  readonly length?: number;
  /** PPP protocol. Default: IPv4. */
  readonly protocol?: number;
}

/** A PPPoE session's packet, with PPP's protocol field. */
export function buildPppoe(fields: PppoeFields, payload: Uint8Array): Uint8Array {
  const { session = 1, length = payload.length + 2, protocol = 0x0021 } = fields;
  return concat(uint8(0x11, 0), uint16(session, length, protocol), payload);
}

export interface ArpFields {
  /** 1 asks, 2 answers. Default 1. */
  readonly operation?: number;
  readonly sender?: string;
  readonly target?: string;
}

/** Ethernet ARP for IPv4. */
export function buildArp(fields: ArpFields): Uint8Array {
  const { operation = 1, sender = "10.0.0.1", target = "10.0.0.2" } = fields;
  return concat(
    uint16(1, ETHER_TYPE.ipv4),
    uint8(6, 4),
    uint16(operation),
    macBytes("02:00:00:00:00:01"),
    addressBytes(sender),
    new Uint8Array(6),
    addressBytes(target),
  );
}

export interface CookedFields {
  /** 0 to us, 1 broadcast, 2 multicast, 3 to someone else, 4 from us. Default 0. */
  readonly packetType?: number;
  /** ARPHRD_ type; default 1, Ethernet. */
  readonly hardwareType?: number;
  /** EtherType, or one of Linux's own. Default: IPv4. */
  readonly protocol?: number;
  /** Version 2 only. Default 1. */
  readonly interfaceIndex?: number;
}

/** Linux cooked capture, LINKTYPE_LINUX_SLL. */
export function buildLinuxSll(fields: CookedFields, payload: Uint8Array): Uint8Array {
  const { packetType = 0, hardwareType = 1, protocol = ETHER_TYPE.ipv4 } = fields;
  const address = concat(macBytes("02:00:00:00:00:01"), uint16(0));
  return concat(uint16(packetType, hardwareType, 6), address, uint16(protocol), payload);
}

/** Linux cooked capture v2, LINKTYPE_LINUX_SLL2. */
export function buildLinuxSll2(fields: CookedFields, payload: Uint8Array): Uint8Array {
  const {
    packetType = 0,
    hardwareType = 1,
    protocol = ETHER_TYPE.ipv4,
    interfaceIndex = 1,
  } = fields;
  const address = concat(macBytes("02:00:00:00:00:01"), uint16(0));
  return concat(
    uint16(protocol, 0),
    uint32(interfaceIndex),
    uint16(hardwareType),
    uint8(packetType, 6),
    address,
    payload,
  );
}

/** An NFLOG attribute in little-endian order, padded to 4 bytes. */
export function buildNflogAttribute(type: number, value: Uint8Array): Uint8Array {
  const length = value.length + 4;
  const padding = new Uint8Array(-length & 3);
  return concat(uint8(length & 255, length >>> 8, type & 255, type >>> 8), value, padding);
}

/** What `tcpdump -i nflog` writes: hook, prefix and the packet (NFULA_PAYLOAD, 9). */
export function buildNflog(packet: Uint8Array): Uint8Array {
  return concat(
    uint8(2, 0, 0, 30),
    buildNflogAttribute(1, concat(uint16(ETHER_TYPE.ipv4), uint8(0, 0))),
    buildNflogAttribute(10, uint8(0)),
    buildNflogAttribute(9, packet),
  );
}
