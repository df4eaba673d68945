/**
 * The client that a proxy hands on in the first bytes it sends: HTTP's X-Forwarded-For (RFC 7239 §7.4
 * names it the usual one) or the PROXY protocol's header (haproxy doc/proxy-protocol.txt §2).
 * Nothing else of a payload is kept.
 */
import { parseAddress, type Address } from "#net/address.js";
import type { IpPacket } from "#observed/decode/packet.js";

export interface ForwardedClient {
  readonly by: "X-Forwarded-For" | "PROXY v1" | "PROXY v2";
  readonly address: Address;
}

/** Header fields beyond this are not looked at. */
const MAX_BYTES = 4096;

/** Undefined where the payload says nothing of a client. */
export function forwardedClient(bytes: Uint8Array, packet: IpPacket): ForwardedClient | undefined {
  const { payloadOffset, payloadCaptured } = packet;
  const end = payloadOffset + Math.min(payloadCaptured, MAX_BYTES);
  const first = bytes[payloadOffset] ?? 0;
  if (first === SIGNATURE_V2[0]) return proxyV2(bytes.subarray(payloadOffset, end));
  // Methods and `PROXY` begin with a capital letter; most payloads end here.
  if (first < 0x41 || first > 0x5a) return undefined;
  const text = ASCII.decode(bytes.subarray(payloadOffset, end));
  const v1 = /^PROXY TCP[46] (\S+) /.exec(text)?.[1];
  if (v1 !== undefined) return named("PROXY v1", v1);
  if (!/^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/.test(text)) return undefined;
  // The leftmost is the one that the first proxy saw; what follows are proxies. What nothing follows
  // may be cut, 192.0.2.1 of 192.0.2.11.
  const field = /\r\nx-forwarded-for:[ \t]*([^\s,]+)(?=[\s,])/i.exec(headOf(text))?.[1];
  return field === undefined ? undefined : named("X-Forwarded-For", field);
}

/** Up to the empty line: behind it is the body, in which anything may stand. */
function headOf(text: string): string {
  const end = text.indexOf("\r\n\r\n");
  return end === -1 ? text : text.slice(0, end + 2);
}

const ASCII = new TextDecoder("latin1");

/** Some proxies write the client's port behind it: `192.0.2.1:40000`, `[2001:db8::1]:40000`. */
function named(by: ForwardedClient["by"], text: string): ForwardedClient | undefined {
  const bare = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text);
  const address = parseAddress(bare?.[1] ?? bare?.[2] ?? text);
  return address === undefined ? undefined : { by, address };
}

/** CR LF CR LF NUL CR LF Q U I T LF. */
const SIGNATURE_V2 = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const COMMAND_AT = 12;
const FAMILY_AT = 13;
const LENGTH_AT = 14;
const ADDRESS_AT = 16;
const COMMAND_PROXY = 0x21;
const FAMILY_INET = 1;
const FAMILY_INET6 = 2;
/** Two addresses and two ports. */
const INET_BYTES = 12;
const INET6_BYTES = 36;

/** proxy-protocol.txt §2.2: signature, version and command, family, length, addresses. */
function proxyV2(bytes: Uint8Array): ForwardedClient | undefined {
  const isSigned = SIGNATURE_V2.every((byte, at) => bytes[at] === byte);
  if (!isSigned || bytes[COMMAND_AT] !== COMMAND_PROXY) return undefined;
  const family = (bytes[FAMILY_AT] ?? 0) >> 4;
  const length = ((bytes[LENGTH_AT] ?? 0) << 8) | (bytes[LENGTH_AT + 1] ?? 0);
  if (length < (family === FAMILY_INET ? INET_BYTES : INET6_BYTES)) return undefined;
  if (family === FAMILY_INET && bytes.length >= ADDRESS_AT + 4) {
    return named("PROXY v2", bytes.subarray(ADDRESS_AT, ADDRESS_AT + 4).join("."));
  }
  if (family !== FAMILY_INET6 || bytes.length < ADDRESS_AT + 16) return undefined;
  const groups = Array.from({ length: 8 }, (_, at) => {
    const place = ADDRESS_AT + 2 * at;
    return (((bytes[place] ?? 0) << 8) | (bytes[place + 1] ?? 0)).toString(16);
  });
  return named("PROXY v2", groups.join(":"));
}
