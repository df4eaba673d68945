import { describe, expect, test } from "vitest";
import { IpPacket } from "#observed/decode/packet.js";
import { httpStatus, keepHttpStatus, readHttpStatus } from "#observed/flow/http-status.js";
import { RECORD_BYTES } from "#observed/flow/layout.js";

function statusOf(text: string, captured = text.length): number | undefined {
  const bytes = new TextEncoder().encode(`....${text}`);
  const packet = new IpPacket();
  packet.payloadOffset = 4;
  packet.payloadCaptured = captured;
  return httpStatus(bytes, packet);
}

test.each([
  ["HTTP/1.1 200 OK\r\n", 200],
  ["HTTP/1.0 503 Service Unavailable\r\n", 503],
  ["HTTP/1.1 204\r\n\r\n", 204],
  ["HTTP/2 200 OK\r\n\r\n", undefined],
  ["HTTP/1.1 999 Made up\r\n", undefined],
  ["HTTP/1.1 20", undefined],
  ["GET / HTTP/1.1 200 \r\n", undefined],
  ["", undefined],
])("%j begins with status %s", (text, status) => {
  expect(statusOf(text)).toBe(status);
});

test("what the capture does not hold is not read", () => {
  expect(statusOf("HTTP/1.1 200 OK\r\n", 9)).toBeUndefined();
});

describe("in a record", () => {
  test.each([100, 200, 354, 355, 356, 503, 599])("%d is kept, and the first of two", (status) => {
    const view = new DataView(new ArrayBuffer(RECORD_BYTES));
    expect(readHttpStatus(view, 0)).toBeUndefined();
    keepHttpStatus(view, 0, status);
    keepHttpStatus(view, 0, 404);
    expect(readHttpStatus(view, 0)).toBe(status);
  });
});
