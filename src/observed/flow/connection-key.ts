/**
 * What makes two packets belong to one connection: addresses, ports, protocol, the interface and the
 * tunnels around them, and which way each side's packets were going. The same for both directions.
 */
import { DIRECTION, type Direction } from "#observed/capture/record.js";
import type { IpPacket } from "#observed/decode/packet.js";
import { IP_PROTOCOL } from "#net/protocol.js";
import type { AddressTable } from "./address-table.js";
import { NOT_INTERNED } from "./intern-table.js";
import { icmpCounterpart } from "./icmp.js";
import { KEY_DIRECTION_SHIFT, KEY_IPV6, KEY_PROTOCOL_SHIFT } from "./layout.js";
import { hashWords } from "./word-hash.js";

/** Filled again for each packet. Words are signed, as the record keeps them. */
export class ConnectionKey {
  low = 0;
  high = 0;
  ports = 0;
  /** The interface and the tunnels around the packet. */
  place = 0;
  /** Where the packet was going. */
  direction: Direction = DIRECTION.unknown;
  kind = 0;
  hash = 0;
  /** True when the packet's source is the low endpoint. */
  sourceIsLow = true;

  /**
   * Needs `place` and `direction` set. False when the address table is full, so that the packet
   * cannot be kept apart.
   */
  fill(packet: IpPacket, addresses: AddressTable): boolean {
    const { direction } = this;
    let source: number;
    let destination: number;
    if (packet.version === 4) {
      source = packet.source[3] ?? 0;
      destination = packet.destination[3] ?? 0;
    } else {
      source = addresses.ipv6Word(packet.source);
      destination = addresses.ipv6Word(packet.destination);
      if (source === NOT_INTERNED || destination === NOT_INTERNED) return false;
    }
    let sourcePort = packet.sourcePort;
    let destinationPort = packet.destinationPort;
    let identifier = 0;
    let oneWay = false;
    const { protocol } = packet;
    if (protocol === IP_PROTOCOL.icmp || protocol === IP_PROTOCOL.icmp6) {
      const counterpart = icmpCounterpart(protocol, packet.icmpType);
      sourcePort = packet.icmpType;
      destinationPort = counterpart ?? packet.icmpCode;
      identifier = packet.icmpId;
      oneWay = counterpart === undefined;
    }
    const sourceIsLow =
      source === destination
        ? sourcePort <= destinationPort
        : (source ^ 0x80000000) < (destination ^ 0x80000000);
    if (oneWay) identifier = sourceIsLow ? 1 : 2;
    let lowDirection: number = direction;
    if (direction !== DIRECTION.unknown && !sourceIsLow) {
      lowDirection = DIRECTION.in + DIRECTION.out - direction;
    }
    this.sourceIsLow = sourceIsLow;
    this.low = sourceIsLow ? source : destination;
    this.high = sourceIsLow ? destination : source;
    this.ports = sourceIsLow
      ? sourcePort | (destinationPort << 16)
      : destinationPort | (sourcePort << 16);
    this.kind =
      identifier |
      (protocol << KEY_PROTOCOL_SHIFT) |
      (packet.version === 6 ? KEY_IPV6 : 0) |
      (lowDirection << KEY_DIRECTION_SHIFT);
    this.hash = hashWords(this.low, this.high, this.ports, this.place, this.kind);
    return true;
  }
}
