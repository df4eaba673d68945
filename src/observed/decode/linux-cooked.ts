/** What the two versions of Linux's cooked link layer have in common. */
import { DIRECTION, type Direction } from "#observed/capture/record.js";
import { NEXT, type Cursor, type Next } from "./cursor.js";
import type { DecodedPacket } from "./packet.js";
import { faultPerNumber, unsupported } from "./stopping.js";

/**
 * By PACKET_ value of linux/if_packet.h: to us, broadcast, multicast, to someone else, from us. A
 * frame from a pod enters the host's veth as "to someone else".
 */
const DIRECTIONS: readonly Direction[] = [
  DIRECTION.in,
  DIRECTION.in,
  DIRECTION.in,
  DIRECTION.in,
  DIRECTION.out,
];

/** Values the kernel keeps to itself leave the direction as the capture file gave it. */
export function setDirection(into: DecodedPacket, packetType: number): void {
  into.direction = DIRECTIONS[packetType] ?? into.direction;
}

/** ARPHRD_ types of linux/if_arp.h behind which the protocol field is no EtherType. */
const OTHER_HARDWARE: ReadonlyMap<number, string> = new Map([
  [770, "Frame Relay"],
  [801, "IEEE 802.11"],
  [802, "IEEE 802.11 with Prism header"],
  [803, "IEEE 802.11 with radiotap header"],
  [824, "netlink"],
]);

/** Values below 0x0600 are Linux's own, ETH_P_ of linux/if_ether.h. */
const LEAST_ETHER_TYPE = 0x0600;
const LINUX_PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [0x0001, "Novell 802.3"],
  // What a packet socket opened for all protocols sends: the sender named none (libpcap issue 739).
  [0x0003, "all protocols"],
  [0x0004, "802.2 LLC"],
  [0x0005, "SNAP"],
  [0x000c, "CAN"],
  [0x000d, "CAN FD"],
  [0x00f6, "IEEE 802.15.4"],
]);

/** `cursor.etherType` holds the protocol field. */
export function enterCookedProtocol(cursor: Cursor, hardwareType: number): Next {
  if (OTHER_HARDWARE.has(hardwareType)) return unsupported(cursor, otherHardware(hardwareType));
  if (cursor.etherType >= LEAST_ETHER_TYPE) return NEXT.etherType;
  return unsupported(cursor, linuxProtocol(cursor.etherType));
}

const otherHardware = faultPerNumber((value) => ({
  layer: "ARPHRD type",
  reason: `ARPHRD type ${value} (${OTHER_HARDWARE.get(value)})`,
}));

const linuxProtocol = faultPerNumber((value) => {
  const hex = `0x${value.toString(16).padStart(4, "0")}`;
  const name = LINUX_PROTOCOLS.get(value);
  return {
    layer: "Linux protocol",
    reason: name === undefined ? `Linux protocol ${hex}` : `Linux protocol ${hex} (${name})`,
  };
});
