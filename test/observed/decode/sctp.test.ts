import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { decode, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv4;

// IP 10.0.0.1.40000 > 10.0.0.2.38412: sctp (1) [COOKIE ACK]
const SCTP = fromHex(`
  4500 0024 0001 0000 4084 6653 0a00 0001
  0a00 0002 9c40 960c 0000 0001 0000 0000
  0b00 0004
`);

testRobustness(SCTP, { linktype });

test("ports and payload", () => {
  expect(ipOf(decode(SCTP, { linktype }))).toMatchObject({
    hasTransport: true,
    sourcePort: 40000,
    destinationPort: 38412,
    payloadLength: 4,
  });
});
