/** What a proxy's first bytes say of its client, and what they may not be taken for. */
import { describe, expect, test } from "vitest";
import { IpPacket } from "#observed/decode/packet.js";
import { forwardedClient } from "#observed/flow/forwarded-client.js";
import { captureOf, track } from "../../support/verify-recorded.js";

const OFFSET = 54;

/** As a record holds it: headers in front, the next record's bytes behind. */
function clientOf(payload: string | Uint8Array, captured?: number): string | undefined {
  const bytes = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
  const buffer = new Uint8Array(OFFSET + bytes.length + 64).fill(0x41);
  buffer.set(bytes, OFFSET);
  const ip = new IpPacket();
  ip.payloadOffset = OFFSET;
  ip.payloadCaptured = captured ?? bytes.length;
  const found = forwardedClient(buffer, ip);
  return found && `${found.by} ${found.address}`;
}

const http = (...fields: readonly string[]): string =>
  ["GET / HTTP/1.1", "Host: web", ...fields, "", ""].join("\r\n");

describe("X-Forwarded-For", () => {
  // prettier-ignore
  test.each([
    { field: "X-Forwarded-For: 198.51.100.79",                       client: "198.51.100.79", why: "one address" },
    { field: "x-forwarded-for:198.51.100.79",                        client: "198.51.100.79", why: "field names have no case (RFC 9110 §5.1), and the space is optional" },
    { field: "X-Forwarded-For: \t 198.51.100.79 ",                   client: "198.51.100.79", why: "spaces and tabs around it" },
    { field: "X-Forwarded-For: 198.51.100.79, 10.20.32.1, 10.0.0.9", client: "198.51.100.79", why: "the leftmost; proxies follow" },
    { field: "X-Forwarded-For: 198.51.100.79,10.20.32.1",            client: "198.51.100.79", why: "the same without a space" },
    { field: "X-Forwarded-For: 198.51.100.79:40000",                 client: "198.51.100.79", why: "its port behind it" },
    { field: "X-Forwarded-For: 2001:DB8::79",                        client: "2001:db8::79",  why: "IPv6" },
    { field: "X-Forwarded-For: [2001:db8::79]",                      client: "2001:db8::79",  why: "IPv6 in brackets" },
    { field: "X-Forwarded-For: [2001:db8::79]:40000, 10.0.0.9",      client: "2001:db8::79",  why: "and with its port" },
  ])("$why: $field", ({ field, client }) => {
    expect(clientOf(http("Accept: */*", field, "Via: x"))).toBe(`X-Forwarded-For ${client}`);
    expect(clientOf(http(field))).toBe(`X-Forwarded-For ${client}`);
  });

  // prettier-ignore
  test.each([
    { payload: http("X-Forwarded-For: unknown"),                               why: "a word that RFC 7239 §6.2 allows is no address" },
    { payload: http("X-Forwarded-For: "),                                      why: "an empty field" },
    { payload: http("X-Forwarded-For: , 198.51.100.79"),                       why: "an empty first place" },
    { payload: http("X-Forwarded-For: 198.51.100.790"),                        why: "no address" },
    { payload: http("Not-X-Forwarded-For: 198.51.100.79"),                     why: "another field's name" },
    { payload: http("Cookie: X-Forwarded-For: 198.51.100.79"),                 why: "another field's value" },
    { payload: `${http()}a\r\nX-Forwarded-For: 198.51.100.79\r\n`,             why: "the body" },
    { payload: "HTTP/1.1 200 OK\r\nX-Forwarded-For: 198.51.100.79\r\n\r\n",    why: "an answer" },
    { payload: "get / HTTP/1.1\r\nX-Forwarded-For: 198.51.100.79\r\n\r\n",     why: "no method" },
    { payload: "PRI * HTTP/2.0\r\nX-Forwarded-For: 198.51.100.79\r\n\r\n",     why: "HTTP/2 begins so, and packs its fields" },
    { payload: "",                                                             why: "nothing: what follows in the buffer is not its payload" },
  ])("$why", ({ payload }) => {
    expect(clientOf(payload)).toBeUndefined();
  });

  test("of which the capture has only a part may be another: 198.51.100.7 of 198.51.100.79", () => {
    const text = http("X-Forwarded-For: 198.51.100.79");
    const whole = text.indexOf("\r\n", text.indexOf("X-F"));
    for (let captured = 0; captured <= whole; captured++) {
      expect(clientOf(text, captured)).toBeUndefined();
    }
    expect(clientOf(text, whole + 1)).toBe("X-Forwarded-For 198.51.100.79");
  });

  test("beyond 4096 bytes is not looked for", () => {
    const field = "X-Forwarded-For: 198.51.100.79";
    expect(clientOf(http(`A: ${"a".repeat(3900)}`, field))).toBe("X-Forwarded-For 198.51.100.79");
    expect(clientOf(http(`A: ${"a".repeat(5000)}`, field))).toBeUndefined();
  });
});

describe("the PROXY header in words (v1)", () => {
  // prettier-ignore
  test.each([
    { payload: "PROXY TCP4 198.51.100.79 10.20.32.204 41001 80\r\nGET /", client: "PROXY v1 198.51.100.79" },
    { payload: "PROXY TCP6 2001:DB8::79 2001:db8::204 41001 80\r\n",      client: "PROXY v1 2001:db8::79" },
    { payload: "PROXY UNKNOWN\r\n",                                       client: undefined },
    { payload: "PROXY UNKNOWN 198.51.100.79 10.20.32.204 41001 80\r\n",   client: undefined },
    { payload: "PROXY TCP4 web 10.20.32.204 41001 80\r\n",                client: undefined },
    { payload: "PROXY TCP4 ",                                             client: undefined },
    // Cut within the address: nothing shows that it ends.
    { payload: "PROXY TCP4 198.51.100.7",                                 client: undefined },
    { payload: " PROXY TCP4 198.51.100.79 10.20.32.204 41001 80\r\n",     client: undefined },
  ])("$payload: $client", ({ payload, client }) => {
    expect(clientOf(payload)).toBe(client);
  });
});

describe("the PROXY header in bytes (v2)", () => {
  const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
  const IPV4 = [198, 51, 100, 79, 10, 20, 32, 204, 0xa0, 0x29, 0, 80];
  const CLIENT6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x79];
  const IPV6 = [...CLIENT6, ...CLIENT6, 0xa0, 0x29, 0, 80];

  interface Header {
    readonly command?: number;
    readonly family: number;
    readonly addresses: readonly number[];
    readonly length?: number;
  }

  const header = ({ command = 0x21, family, addresses, length }: Header): Uint8Array =>
    Uint8Array.from([...SIGNATURE, command, family, 0, length ?? addresses.length, ...addresses]);

  // prettier-ignore
  test.each([
    { name: "TCP over IPv4",                    bytes: header({ family: 0x11, addresses: IPV4 }),                          client: "PROXY v2 198.51.100.79" },
    { name: "UDP over IPv4",                    bytes: header({ family: 0x12, addresses: IPV4 }),                          client: "PROXY v2 198.51.100.79" },
    { name: "TCP over IPv6",                    bytes: header({ family: 0x21, addresses: IPV6 }),                          client: "PROXY v2 2001:db8::79" },
    { name: "extensions behind the addresses",  bytes: header({ family: 0x11, addresses: [...IPV4, 4, 0, 1, 0] }),         client: "PROXY v2 198.51.100.79" },
    { name: "LOCAL: the proxy's own check",     bytes: header({ command: 0x20, family: 0x11, addresses: IPV4 }),           client: undefined },
    { name: "another version",                  bytes: header({ command: 0x31, family: 0x11, addresses: IPV4 }),           client: undefined },
    { name: "no family",                        bytes: header({ family: 0x00, addresses: IPV4 }),                          client: undefined },
    { name: "a Unix socket",                    bytes: header({ family: 0x31, addresses: Array.from({ length: 216 }, () => 1) }), client: undefined },
    { name: "a length that holds no addresses", bytes: header({ family: 0x11, addresses: IPV4, length: 4 }),               client: undefined },
    { name: "IPv6 with a length of IPv4",       bytes: header({ family: 0x21, addresses: IPV6, length: 12 }),              client: undefined },
    { name: "a signature with a wrong byte",    bytes: header({ family: 0x11, addresses: IPV4 }).with(4, 1),               client: undefined },
  ])("$name: $client", ({ bytes, client }) => {
    expect(clientOf(bytes)).toBe(client);
  });

  test.each([
    { name: "IPv4", bytes: header({ family: 0x11, addresses: IPV4 }), needed: 20 },
    { name: "IPv6", bytes: header({ family: 0x21, addresses: IPV6 }), needed: 32 },
  ])("$name cut before the client's address ends says nothing", ({ bytes, needed }) => {
    for (let captured = 0; captured < needed; captured++) {
      expect(clientOf(bytes, captured)).toBeUndefined();
    }
    expect(clientOf(bytes, needed)).toBeDefined();
  });
});

test("hostile bytes are answered in time and without a fault", () => {
  const hostile = [
    "GET ".repeat(2000),
    `GET ${"A".repeat(4090)}`,
    http(...Array.from({ length: 300 }, () => "X-Forwarded-For:")),
    http(`X-Forwarded-For: ${"1.".repeat(2000)}`),
    http(`X-Forwarded-For: [${":".repeat(2000)}]:`),
    `PROXY TCP4 ${"9".repeat(4000)}`,
    "P".repeat(5000),
  ];
  const began = performance.now();
  expect(hostile.map((payload) => clientOf(payload))).toEqual(hostile.map(() => undefined));
  expect(performance.now() - began).toBeLessThan(1000);
});

test("no byte at the front and no length of it throws", () => {
  for (let first = 0; first < 256; first++) {
    for (const length of [0, 1, 2, 12, 16, 20, 40]) {
      const bytes = new Uint8Array(length).fill(first);
      expect(clientOf(bytes)).toBeUndefined();
    }
  }
});

/** As the cases' READMEs have it; probes and the clients' own connections say nothing. */
// prettier-ignore
test.each([
  { recorded: "ingress",                capture: "pod-p1a.eth0", told: ["X-Forwarded-For 198.51.100.79", "X-Forwarded-For 10.20.32.205"] },
  { recorded: "ingress",                capture: "pod-p2a.eth0", told: ["X-Forwarded-For 198.51.100.79", "X-Forwarded-For 10.233.1.3"] },
  { recorded: "ingress",                capture: "client.eth0",  told: [] },
  { recorded: "ingress-proxy-protocol", capture: "pod-p1a.eth0", told: ["PROXY v1 198.51.100.79", "PROXY v1 10.233.1.3"] },
  { recorded: "ingress-proxy-protocol", capture: "pod-p2a.eth0", told: ["PROXY v2 198.51.100.79"] },
  { recorded: "hostport-external",      capture: "pod-p1a.eth0", told: [] },
])("captures/$recorded, $capture: $told", async ({ recorded, capture, told }) => {
  const { connections } = await track([captureOf(recorded, capture)]);
  const clients = [...connections].flatMap(({ forwarded }) => forwarded ?? []);
  expect(clients.map(({ by, address }) => `${by} ${address}`)).toEqual(told);
});
