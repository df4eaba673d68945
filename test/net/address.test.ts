import { describe, expect, test } from "vitest";
import {
  addressBits,
  addressFromBits,
  formatIpv4,
  formatIpv6,
  isLoopback,
  parseAddress,
} from "#net/address.js";

describe("parseAddress writes an address in its canonical form", () => {
  test.each([
    ["10.20.32.204", "10.20.32.204"],
    ["0.0.0.0", "0.0.0.0"],
    // RFC 5952 §4.1: no leading zeros.
    ["2001:0db8:0000:0001:0002:0003:0004:0005", "2001:db8:0:1:2:3:4:5"],
    // §4.2.1: as short as possible; §4.2.2: not for a single group.
    ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    // §4.2.3: the longest run, and the first of two alike.
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    // §4.3: lower case.
    ["2001:DB8::ABCD", "2001:db8::abcd"],
    ["::", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["0:0:0:0:0:0:0:1", "::1"],
    // An IPv4 address at the end is the last two groups, however it was typed.
    ["::ffff:192.0.2.1", "::ffff:c000:201"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ])("%s is %s", (typed, canonical) => {
    expect(parseAddress(typed)).toBe(canonical);
    expect(parseAddress(canonical)).toBe(canonical);
  });

  test.each([
    "",
    "10.0.0",
    "10.0.0.256",
    "010.0.0.1",
    "10.0.0.1/24",
    "10.0.0.1:80",
    "fe80::1%eth0",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "[::1]",
    "localhost",
  ])("%j is no address of a packet", (typed) => {
    expect(parseAddress(typed)).toBeUndefined();
  });
});

test.each([
  [0, "0.0.0.0"],
  [0x0a1420cc, "10.20.32.204"],
  // A 32-bit integer in JavaScript is signed.
  [0xc6336_44f, "198.51.100.79"],
  [0xffffffff, "255.255.255.255"],
  [-1, "255.255.255.255"],
])("formatIpv4(%i) is %s", (value, text) => {
  expect(formatIpv4(value)).toBe(text);
});

test.each([
  { groups: [0, 0, 0, 0, 0, 0, 0, 0], text: "::" },
  { groups: [0, 0, 0, 0, 0, 0, 0, 1], text: "::1" },
  { groups: [0xfe80, 0, 0, 0, 0, 0, 0, 0], text: "fe80::" },
  { groups: [0, 1, 0, 0, 0, 2, 0, 0], text: "0:1::2:0:0" },
  { groups: [1, 2, 3, 4, 5, 6, 7, 8], text: "1:2:3:4:5:6:7:8" },
])("formatIpv6 of $groups is $text", ({ groups, text }) => {
  expect(formatIpv6(groups)).toBe(text);
});

test.each(["0.0.0.0", "10.233.1.2", "255.255.255.255", "::", "::1", "2001:db8::2:1", "ff02::fb"])(
  "%s comes back from its bits",
  (address) => {
    const { bits, width } = addressBits(address);
    expect(width).toBe(address.includes(":") ? 128 : 32);
    expect(addressFromBits(bits, width)).toBe(address);
  },
);

test("the bits of what is no address are refused", () => {
  expect(() => addressBits("pod")).toThrow("not an IP address: pod");
});

test.each([
  ["127.0.0.1", true],
  ["127.255.255.254", true],
  ["::1", true],
  ["128.0.0.1", false],
  ["12.7.0.1", false],
  ["::", false],
  ["::127", false],
])("isLoopback(%s) is %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});
