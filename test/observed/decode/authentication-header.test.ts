import { expect, test } from "vitest";
import { fromHex } from "../../support/packet-bytes.js";
import { PROTOCOL } from "../../support/packet-network.js";
import { decode, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

// IP 10.0.0.1 > 10.0.0.2: AH(spi=0x00000001,seq=0x1,icv=0x000000000000000000000000): 40000 > 9:
// UDP, length 4
const AH = fromHex(`
  4500 0038 0001 0000 4033 6690 0a00 0001
  0a00 0002 1104 0000 0000 0001 0000 0001
  0000 0000 0000 0000 0000 0000 9c40 0009
  000c 0000 7069 6e67
`);

testRobustness(AH, { linktype: LINKTYPE.ipv4 });

test("leads to the transport header it signs", () => {
  expect(ipOf(decode(AH, { linktype: LINKTYPE.ipv4 }))).toMatchObject({
    protocol: PROTOCOL.udp,
    destinationPort: 9,
    payloadLength: 4,
  });
});
