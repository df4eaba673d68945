import { expect, test } from "vitest";
import { formatEndpoint, formatTuple, sameEndpoint } from "#net/five-tuple.js";
import { IP_PROTOCOL, protocolName } from "#net/protocol.js";

const POD = { address: "10.233.1.2", port: 8080 };
const CLIENT = { address: "2001:db8::79", port: 41001 };

test("an IPv6 address is in brackets in front of its port", () => {
  expect(formatEndpoint(POD)).toBe("10.233.1.2:8080");
  expect(formatEndpoint(CLIENT)).toBe("[2001:db8::79]:41001");
  expect(formatTuple({ source: CLIENT, destination: POD })).toBe(
    "[2001:db8::79]:41001 > 10.233.1.2:8080",
  );
});

test.each([
  [{ ...POD }, true],
  [{ ...POD, port: 80 }, false],
  [{ ...POD, address: "10.233.1.3" }, false],
])("10.233.1.2:8080 and %o are the same: %s", (other, expected) => {
  expect(sameEndpoint(POD, other)).toBe(expected);
});

test.each([
  [IP_PROTOCOL.icmp, "icmp"],
  [IP_PROTOCOL.tcp, "tcp"],
  [IP_PROTOCOL.udp, "udp"],
  [IP_PROTOCOL.icmp6, "icmp6"],
  [IP_PROTOCOL.sctp, "sctp"],
  [IP_PROTOCOL.gre, "ip-47"],
  [253, "ip-253"],
])("IP protocol %i is %s", (number, name) => {
  expect(protocolName(number)).toBe(name);
});
