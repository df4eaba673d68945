import { TCP_FLAG } from "#observed/decode/tcp.js";
import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildIpv4 } from "../../support/packet-network.js";
import { buildTcp, FLAG } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv4;

// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 100:104, ack 200, win 512, options [nop,nop,TS
// val 5000 ecr 4000], length 4: HTTP
const TCP = fromHex(`
  4500 0038 1c46 4000 4006 0a78 0a00 0001
  0a00 0002 9c40 0050 0000 0064 0000 00c8
  8018 0200 0000 0000 0101 080a 0000 1388
  0000 0fa0 7069 6e67
`);

testRobustness(TCP, { linktype });

test("the header's fields and the payload", () => {
  const decoded = decode(TCP, { linktype });
  expect(ipOf(decoded)).toMatchObject({
    hasTransport: true,
    sourcePort: 40000,
    destinationPort: 80,
    seq: 100,
    ack: 200,
    flags: TCP_FLAG.psh | TCP_FLAG.ack,
    window: 512,
    payloadCaptured: 4,
    payloadLength: 4,
  });
});

test("sequence numbers are unsigned", () => {
  const packet = buildIpv4({}, buildTcp({ seq: 0xfffffffe, ack: 0x80000000 }));
  expect(ipOf(decode(packet, { linktype }))).toMatchObject({ seq: 0xfffffffe, ack: 0x80000000 });
});

test.each(["fin", "syn", "rst", "psh", "ack"] as const)("flag %s", (name) => {
  const packet = buildIpv4({}, buildTcp({ flags: FLAG[name] }));
  expect(ipOf(decode(packet, { linktype })).flags).toBe(TCP_FLAG[name]);
});

test.each([
  // What is behind the IPv4 header, and which fields it is enough for.
  [7, { hasTransport: false, sourcePort: 0, seq: 0 }],
  [8, { hasTransport: true, sourcePort: 40000, seq: 100, ack: 0, payloadLength: 0 }],
  [12, { hasTransport: true, ack: 200, flags: 0, payloadLength: 0 }],
  [14, { ack: 200, flags: 24, window: 0, payloadLength: 4, payloadCaptured: 0 }],
  [16, { flags: 24, window: 512, payloadLength: 4 }],
  [20, { flags: 24, window: 512, payloadLength: 4, hasTimestamps: false, optionsHash: 0 }],
])("%i bytes captured of the header", (length, fields) => {
  const decoded = decode(TCP, { linktype, capturedLength: 20 + length });
  expect(ipOf(decoded)).toMatchObject(fields);
  expect(decoded.stop).toMatchObject({
    kind: "truncated",
    layer: length < 20 ? "TCP header" : "TCP options",
  });
});

test("cut in the payload, the headers tell its length", () => {
  const decoded = decode(TCP, { linktype, capturedLength: TCP.length - 3 });
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded)).toMatchObject({ payloadCaptured: 1, payloadLength: 4 });
});

test("a data offset below 5 keeps the ports", () => {
  const decoded = decode(buildIpv4({}, buildTcp({ dataOffset: 4 })), { linktype });
  expect(describeStop(decoded)).toBe(
    "malformed TCP header at byte 20: data offset is below 5 words (RFC 9293 §3.1)",
  );
  expect(ipOf(decoded)).toMatchObject({ hasTransport: true, destinationPort: 80 });
});

test("a data offset beyond the segment keeps the ports", () => {
  const decoded = decode(buildIpv4({}, buildTcp({ dataOffset: 15 })), { linktype });
  expect(describeStop(decoded)).toBe(
    "malformed TCP header at byte 20: its length is beyond the end of the packet",
  );
  expect(ipOf(decoded)).toMatchObject({ hasTransport: true, destinationPort: 80 });
});

test("an IP packet too short for it is its sender's doing", () => {
  const decoded = decode(buildIpv4({ totalLength: 30 }, buildTcp({})), { linktype });
  expect(describeStop(decoded)).toBe(
    "malformed TCP header at byte 20: needs 20 bytes, the IPv4 total length leaves fewer",
  );
});
