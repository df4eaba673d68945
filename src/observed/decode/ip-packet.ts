/** Opening, closing and clearing the `IpPacket`s that decoding fills. */
import type { Cursor } from "./cursor.js";
import { IpPacket, MAX_NESTING } from "./packet.js";
import { unsupported } from "./stopping.js";

const TOO_DEEP = { layer: "nesting", reason: `more than ${MAX_NESTING} IP packets in each other` };

/** The packet to fill with the IP header at the cursor; undefined, with a stop, if too deep. */
export function openIpPacket(cursor: Cursor): IpPacket | undefined {
  const ip = cursor.quotedBy ? quoteOf(cursor.quotedBy) : cursor.into.ip[cursor.into.depth];
  if (ip === undefined) {
    unsupported(cursor, TOO_DEEP);
    return undefined;
  }
  reset(ip);
  if (cursor.quotedBy) cursor.quotedBy.quoted = ip;
  else cursor.into.depth++;
  ip.tunnel = cursor.tunnel;
  ip.tunnelId = cursor.tunnelId;
  cursor.ip = ip;
  return ip;
}

/** What follows the cursor is the payload of the deepest layer read. */
export function setPayload(cursor: Cursor): void {
  const { ip, offset, end, wireEnd } = cursor;
  ip.payloadOffset = Math.min(offset, end);
  ip.payloadCaptured = Math.max(0, end - offset);
  ip.payloadLength = Math.max(0, wireEnd - offset);
}

/** No payload was captured; `headerLength` bytes of the layer at the cursor come before it. */
export function setPayloadCut({ ip, offset, end, wireEnd }: Cursor, headerLength: number): void {
  ip.payloadOffset = end;
  ip.payloadCaptured = 0;
  ip.payloadLength = Math.max(0, wireEnd - offset - headerLength);
}

/** The header does not tell where its payload starts. */
export function clearPayload({ ip, end }: Cursor): void {
  ip.payloadOffset = end;
  ip.payloadCaptured = 0;
  ip.payloadLength = 0;
}

/** Quotes are rare: their packets are made at the first one, and then used again. */
const QUOTES = new WeakMap<IpPacket, IpPacket>();

function quoteOf(error: IpPacket): IpPacket {
  const known = QUOTES.get(error);
  if (known) return known;
  const quoted = new IpPacket();
  QUOTES.set(error, quoted);
  return quoted;
}

/** What a field holds when its layer is not reached. The IP decoders set the rest. */
function reset(ip: IpPacket): void {
  ip.id = -1;
  ip.dontFragment = false;
  ip.moreFragments = false;
  ip.fragmentOffset = 0;
  ip.hasTransport = false;
  ip.transportOffset = 0;
  ip.sourcePort = 0;
  ip.destinationPort = 0;
  ip.seq = 0;
  ip.ack = 0;
  ip.flags = 0;
  ip.window = 0;
  ip.mss = 0;
  ip.windowScale = -1;
  ip.sackPermitted = false;
  ip.hasTimestamps = false;
  ip.tsval = 0;
  ip.tsecr = 0;
  ip.optionsHash = 0;
  ip.udpLength = 0;
  ip.icmpType = 0;
  ip.icmpCode = 0;
  ip.icmpId = 0;
  ip.icmpSeq = 0;
  ip.quoted = undefined;
}
