import { expect, test } from "vitest";
import { communityId } from "#observed/flow/community-id.js";
import { addressWords } from "./support.js";
import { isIPv4 } from "node:net";

// github.com/corelight/community-id-spec, baseline/baseline_deflt.json and the captures beside it.
// prettier-ignore
const ROWS: readonly (readonly [string, number, string, number, string, number, string])[] = [
  ["TCP",                 6,  "128.232.110.120", 34855, "66.35.250.204",   80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
  ["TCP reply",           6,  "66.35.250.204",      80, "128.232.110.120", 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
  ["UDP",                17,  "192.168.1.52",    54585, "8.8.8.8",         53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="],
  ["UDP reply",          17,  "8.8.8.8",            53, "192.168.1.52",    54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="],
  ["ICMP echo",           1,  "192.168.0.89",        8, "192.168.0.1",     0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  ["ICMP echo reply",     1,  "192.168.0.1",         0, "192.168.0.89",    8, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  ["SCTP",              132,  "192.168.170.8",    7, "192.168.170.56",  80, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ="],
];

test.each(ROWS)("%s", (_, protocol, from, fromPort, to, toPort, id) => {
  const source = { address: bytesOf(from), port: fromPort };
  const destination = { address: bytesOf(to), port: toPort };
  expect(communityId({ protocol, source, destination })).toBe(id);
});

test("a message without an answer keeps its direction", () => {
  const a = { address: bytesOf("192.0.2.1"), port: 3 };
  const b = { address: bytesOf("192.0.2.2"), port: 1 };
  const there = communityId({ protocol: 1, source: a, destination: b });
  const back = communityId({
    protocol: 1,
    source: { ...b, port: 3 },
    destination: { ...a, port: 1 },
  });
  expect(there).not.toBe(back);
});

test("IPv6: sixteen bytes an address, both directions alike", () => {
  const a = { address: bytesOf("fe80::200:86ff:fe05:80da"), port: 135 };
  const b = { address: bytesOf("fe80::260:97ff:fe07:69ea"), port: 136 };
  expect(communityId({ protocol: 58, source: a, destination: b })).toBe(
    "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
  );
  expect(communityId({ protocol: 58, source: b, destination: a })).toBe(
    "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
  );
});

function bytesOf(address: string): Uint8Array {
  const words = addressWords(address);
  const bytes = new DataView(new ArrayBuffer(16));
  words.forEach((word, at) => bytes.setInt32(at * 4, word));
  return new Uint8Array(bytes.buffer).subarray(isIPv4(address) ? 12 : 0);
}
