/** Pieces that packet builders put together. Numbers are written big-endian, as on the wire. */
import { addressBits } from "#net/address.js";

/** `0800 4500` to bytes; anything but hexadecimal digits is passed over. */
export function fromHex(text: string): Uint8Array {
  const digits = text.replaceAll(/[^0-9a-f]/gi, "");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function uint8(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values);
}

export function uint16(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >>> 8, value]));
}

export function uint32(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap((value) => [value >>> 24, value >>> 16, value >>> 8, value]),
  );
}

/** `02:00:00:00:00:01` to its 6 bytes. */
export function macBytes(text: string): Uint8Array {
  return fromHex(text);
}

/** `10.0.0.1` or `2001:db8::1` to its 4 or 16 bytes. */
export function addressBytes(text: string): Uint8Array {
  const { bits, width } = addressBits(text);
  return fromHex(bits.toString(16).padStart(width / 4, "0"));
}

/** The Internet checksum (RFC 1071). */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** `length` bytes that are all different from their neighbours: `00 01 02 …`. */
export function filler(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at);
}
