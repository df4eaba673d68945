import type { IpPacket } from "#observed/decode/packet.js";
import { FLAG_HTTP_STATUS_HIGH, FLAGS, HTTP_STATUS } from "./layout.js";

/** `HTTP/1.1 200` (RFC 9112 §4). */
const STATUS_LINE = /^HTTP\/1\.[01] ([1-5]\d\d)[ \r]/;
const STATUS_LINE_BYTES = 13;
const FIRST_BYTE = 0x48;

/** The status code that a payload begins with; undefined for anything else. */
export function httpStatus(bytes: Uint8Array, packet: IpPacket): number | undefined {
  const { payloadOffset, payloadCaptured } = packet;
  if (bytes[payloadOffset] !== FIRST_BYTE || payloadCaptured < STATUS_LINE_BYTES) return undefined;
  const text = ASCII.decode(bytes.subarray(payloadOffset, payloadOffset + STATUS_LINE_BYTES));
  const status = STATUS_LINE.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}

const ASCII = new TextDecoder("latin1");

/** Codes are 100 to 599 (RFC 9110 §15); 0 stands for none, so the lowest is 1. */
const NONE_BELOW = 99;

/** Into a record that has none yet: the first answer's counts. */
export function keepHttpStatus(view: DataView, record: number, status: number): void {
  if (readHttpStatus(view, record) !== undefined) return;
  const value = status - NONE_BELOW;
  view.setUint8(record + HTTP_STATUS, value & 0xff);
  const high = value > 0xff ? FLAG_HTTP_STATUS_HIGH : 0;
  view.setUint8(record + FLAGS, view.getUint8(record + FLAGS) | high);
}

export function readHttpStatus(view: DataView, record: number): number | undefined {
  const isHigh = (view.getUint8(record + FLAGS) & FLAG_HTTP_STATUS_HIGH) !== 0;
  const value = view.getUint8(record + HTTP_STATUS) + (isHigh ? 0x100 : 0);
  return value === 0 ? undefined : value + NONE_BELOW;
}
