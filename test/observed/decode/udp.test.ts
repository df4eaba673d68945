import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { buildIpv4, PROTOCOL } from "../../support/packet-network.js";
import { buildUdp } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv4;

// IP 10.0.0.1.40000 > 10.0.0.2.9: UDP, length 4
const UDP = fromHex(`
  4500 0020 0001 0000 4011 66ca 0a00 0001
  0a00 0002 9c40 0009 000c 0000 7069 6e67
`);

testRobustness(UDP, { linktype });

const datagram = (length: number) =>
  decode(buildIpv4({ protocol: PROTOCOL.udp }, buildUdp({ length }, new Uint8Array(20))), {
    linktype,
  });

test("ports and payload", () => {
  expect(ipOf(decode(UDP, { linktype }))).toMatchObject({
    hasTransport: true,
    sourcePort: 40000,
    destinationPort: 9,
    payloadCaptured: 4,
    payloadLength: 4,
  });
});

test("a length shorter than the IP packet ends the payload", () => {
  expect(ipOf(datagram(12))).toMatchObject({ payloadCaptured: 4, payloadLength: 4 });
});

test("length 0 leaves it to the IP packet", () => {
  expect(ipOf(datagram(0))).toMatchObject({ payloadCaptured: 20, payloadLength: 20 });
});

test.each([
  [7, "length is below 8 bytes (RFC 768)"],
  [29, "length is beyond the end of the IP packet"],
])("length %i is malformed, and the ports stay", (length, reason) => {
  const decoded = datagram(length);
  expect(decoded.stop).toMatchObject({ kind: "malformed", layer: "UDP header", reason });
  expect(ipOf(decoded)).toMatchObject({ hasTransport: true, sourcePort: 40000 });
});

test("ports alone are enough to know the connection", () => {
  const decoded = decode(UDP, { linktype, capturedLength: 24 });
  expect(describeStop(decoded)).toBe(
    "truncated UDP header at byte 20: needs 8 bytes, the captured length leaves fewer",
  );
  expect(ipOf(decoded)).toMatchObject({ hasTransport: true, destinationPort: 9, payloadLength: 4 });
});
