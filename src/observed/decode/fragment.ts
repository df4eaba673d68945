import type { IpPacket } from "./packet.js";

/** True for a part of a packet, the first one included. */
export function isFragment({ moreFragments, fragmentOffset }: IpPacket): boolean {
  return moreFragments || fragmentOffset > 0;
}
