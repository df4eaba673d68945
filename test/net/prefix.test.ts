import { expect, test } from "vitest";
import { formatPrefix, isPrivate, parsePrefix, prefixContains, prefixOf } from "#net/prefix.js";

test.each([
  ["10.233.1.0/24", "10.233.1.0/24"],
  ["10.233.1.1/24", "10.233.1.1/24"],
  ["10.233.1.1", "10.233.1.1/32"],
  ["0.0.0.0/0", "0.0.0.0/0"],
  ["2001:DB8:0:0::/64", "2001:db8::/64"],
  ["::1", "::1/128"],
  ["::/0", "::/0"],
])("%s reads as %s", (text, expected) => {
  const prefix = parsePrefix(text);
  expect(prefix && formatPrefix(prefix)).toBe(expected);
});

test.each([
  "",
  "/24",
  "10.0.0.0/33",
  "::/129",
  "10.0.0.0/",
  "10.0.0.0/-1",
  "10.0.0.0/2 4",
  "10.0.0.0/1e1",
  "10.0.0.0/24/8",
  "10.0.0/24",
  "10.0.0.0/255.0.0.0",
])("%j is no prefix", (text) => {
  expect(parsePrefix(text)).toBeUndefined();
});

test.each([
  ["10.233.1.0/24", "10.233.1.255", true],
  ["10.233.1.0/24", "10.233.2.0", false],
  // The address inside the block does not matter.
  ["10.233.1.77/24", "10.233.1.1", true],
  ["10.20.32.204/32", "10.20.32.204", true],
  ["10.20.32.204/32", "10.20.32.205", false],
  ["0.0.0.0/0", "203.0.113.1", true],
  ["128.0.0.0/1", "198.51.100.79", true],
  ["2001:db8::/32", "2001:db8:ffff::1", true],
  ["2001:db8::/32", "2001:db9::1", false],
  // Of another family, even where it would be everything.
  ["0.0.0.0/0", "::1", false],
  ["::/0", "10.0.0.1", false],
])("%s contains %s: %s", (text, address, expected) => {
  const prefix = parsePrefix(text);
  expect(prefix && prefixContains(prefix, address)).toBe(expected);
});

test.each([
  ["10.233.1.2", 24, "10.233.1.0/24"],
  ["10.233.1.2", 0, "0.0.0.0/0"],
  ["10.233.1.2", 32, "10.233.1.2/32"],
  ["2001:db8:1:2:3::4", 64, "2001:db8:1:2::/64"],
])("the block of %s with %i bits is %s", (address, length, expected) => {
  expect(formatPrefix(prefixOf(address, length))).toBe(expected);
});

test.each([
  ["10.233.1.2", true],
  ["172.16.0.1", true],
  ["172.31.255.255", true],
  ["172.32.0.1", false],
  ["192.168.1.1", true],
  ["192.169.0.1", false],
  ["100.64.0.1", true],
  ["100.128.0.1", false],
  ["169.254.1.1", true],
  ["127.0.0.1", true],
  ["198.51.100.79", false],
  ["fd00::1", true],
  ["fe80::1", true],
  ["::1", true],
  ["2001:db8::1", false],
])("isPrivate(%s) is %s", (address, expected) => {
  expect(isPrivate(address)).toBe(expected);
});
