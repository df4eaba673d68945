import { expect, test } from "vitest";
import { concat, fromHex, uint8 } from "../../support/packet-bytes.js";
import { buildIpv4 } from "../../support/packet-network.js";
import { buildTcp, synOptions, TCP_OPTION } from "../../support/packet-transport.js";
import { decode, describeStop, ipOf, LINKTYPE } from "../../support/packet-record.js";
import { testRobustness } from "../../support/packet-robustness.js";

const linktype = LINKTYPE.ipv4;

// IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1295788826, win 64240, options [mss
// 1460,sackOK,TS val 1774054091 ecr 0,nop,wscale 7], length 0
const SYN = fromHex(`
  4500 003c 1c46 4000 4006 0a74 0a00 0001
  0a00 0002 9c40 0050 4d3c 2b1a 0000 0000
  a002 faf0 0000 0000 0204 05b4 0402 080a
  69bd eacb 0000 0000 0103 0307
`);

testRobustness(SYN, { linktype });

const withOptions = (options: Uint8Array) =>
  decode(buildIpv4({}, buildTcp({ options })), { linktype });
const hashOf = (options: Uint8Array) => ipOf(withOptions(options)).optionsHash;

test("what Linux puts in a SYN", () => {
  expect(ipOf(decode(SYN, { linktype }))).toMatchObject({
    mss: 1460,
    sackPermitted: true,
    hasTimestamps: true,
    tsval: 1774054091,
    tsecr: 0,
    windowScale: 7,
  });
});

test("none", () => {
  expect(ipOf(withOptions(new Uint8Array(0)))).toMatchObject({
    mss: 0,
    sackPermitted: false,
    hasTimestamps: false,
    windowScale: -1,
    optionsHash: 0,
  });
});

test("timestamps are unsigned", () => {
  const values = { tsval: 0xffffffff, tsecr: 0x80000001 };
  const options = concat(TCP_OPTION.timestamps(values), TCP_OPTION.nop, TCP_OPTION.nop);
  expect(ipOf(withOptions(options))).toMatchObject(values);
});

test("the hash is the same for the same options, whatever the ports and addresses", () => {
  const one = buildIpv4({}, buildTcp({ options: synOptions({}) }));
  const two = buildIpv4(
    { source: "10.9.9.9", ttl: 3 },
    buildTcp({ sourcePort: 1, options: synOptions({}) }),
  );
  const hash = ipOf(decode(one, { linktype })).optionsHash;
  expect(hash).not.toBe(0);
  expect(ipOf(decode(two, { linktype })).optionsHash).toBe(hash);
});

test("the hash tells order, lengths and values apart", () => {
  const { nop, end, sackPermitted, windowScale, mss } = TCP_OPTION;
  const hashes = [
    hashOf(synOptions({})),
    hashOf(synOptions({ mss: 1410 })),
    hashOf(synOptions({ tsval: 2 })),
    hashOf(synOptions({ tsecr: 1 })),
    hashOf(synOptions({ windowScale: 10 })),
    hashOf(concat(nop, nop, sackPermitted)),
    hashOf(concat(sackPermitted, nop, nop)),
    hashOf(concat(nop, sackPermitted, nop)),
    hashOf(concat(windowScale(0), nop)),
    hashOf(concat(nop, windowScale(0))),
    hashOf(mss(1)),
    hashOf(concat(sackPermitted, end, end)),
    hashOf(uint8(30, 4, 0, 0)),
    hashOf(concat(uint8(30, 3, 0), nop)),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("the hash leaves out what changes on the way: SACK blocks", () => {
  const { nop, sack } = TCP_OPTION;
  expect(hashOf(concat(nop, nop, sack(1, 2)))).toBe(hashOf(concat(nop, nop, sack(3, 4))));
});

test("options behind the end of the list are not read", () => {
  const ip = ipOf(withOptions(concat(TCP_OPTION.end, uint8(2, 4, 5, 180), uint8(0, 0, 0))));
  expect(ip.mss).toBe(0);
});

test("a known option of a strange length is passed over", () => {
  const decoded = withOptions(concat(uint8(2, 3, 9), TCP_OPTION.sackPermitted, uint8(3, 3, 5)));
  expect(decoded.stop).toBeUndefined();
  expect(ipOf(decoded)).toMatchObject({ mss: 0, sackPermitted: true, windowScale: 5 });
});

test.each([
  ["length 0", uint8(2, 0, 5, 180)],
  ["length 1", uint8(8, 1, 0, 0)],
  ["length beyond the header", uint8(1, 1, 8, 10)],
  ["no length", uint8(1, 1, 1, 2)],
])("%s is malformed, and the segment stays", (_, options) => {
  const decoded = decode(buildIpv4({}, buildTcp({ options }, uint8(1, 2, 3))), { linktype });
  expect(describeStop(decoded)).toBe(
    "malformed TCP options at byte 20: an option's length is below 2 or beyond the header (RFC 9293 §3.2)",
  );
  expect(ipOf(decoded)).toMatchObject({ destinationPort: 80, payloadLength: 3, optionsHash: 0 });
});

test("cut by the capture, what was read stays, but no hash of a part", () => {
  const decoded = decode(SYN, { linktype, capturedLength: 20 + 20 + 6 });
  expect(describeStop(decoded)).toBe(
    "truncated TCP options at byte 20: the captured length ends inside",
  );
  expect(ipOf(decoded)).toMatchObject({
    flags: 2,
    mss: 1460,
    sackPermitted: true,
    hasTimestamps: false,
    optionsHash: 0,
  });
});
