import type { CaptureRecord } from "#observed/capture/record.js";
import { Cursor, NEXT, type Decoder, type Next } from "./cursor.js";
import { decodeEtherType } from "./ether-types.js";
import { decodeIp } from "./ip.js";
import { decodeIpProtocol } from "./ip-protocols.js";
import { decodeLinkType } from "./linktypes.js";
import type { DecodedPacket } from "./packet.js";
import { unsupported } from "./stopping.js";
import { decodeUdpPayload } from "./udp-tunnels.js";

/** Eight tunnels of VXLAN with VLAN tags come to about 50. */
const MAX_LAYERS = 128;
const TOO_MANY_LAYERS = { layer: "nesting", reason: `more than ${MAX_LAYERS} layers` };

/** Who reads what a layer says comes next. */
const DECODERS = {
  [NEXT.etherType]: decodeEtherType,
  [NEXT.ip]: decodeIp,
  [NEXT.ipProtocol]: decodeIpProtocol,
  [NEXT.udpPayload]: decodeUdpPayload,
} satisfies Record<Exclude<Next, typeof NEXT.nothing>, Decoder>;

/** Used again for each record: decoding is synchronous, and nothing of it outlives the call. */
const cursor = new Cursor();

/** Reads the layers of a record into `into`, which is cleared first. Never throws. */
export function decodeRecord(record: CaptureRecord, into: DecodedPacket): void {
  into.interfaceIndex = 0;
  into.direction = record.direction;
  into.depth = 0;
  into.arp = undefined;
  into.stop = undefined;
  cursor.begin(record, into);
  let next = decodeLinkType(cursor, record.linktype);
  for (let layers = 1; next !== NEXT.nothing; layers++) {
    next = layers < MAX_LAYERS ? DECODERS[next](cursor) : unsupported(cursor, TOO_MANY_LAYERS);
  }
}
