import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NodeStateError, readIpAddr, readIpRoute } from "#cluster/ip-json.js";
import { readSysctls, sysctlName } from "#cluster/sysctl-text.js";

const CASE = "captures/hostport-external/node1";
const recorded = (name: string) => ({
  file: name,
  text: readFileSync(`${CASE}.${name}`, "utf8"),
});
const made = (value: unknown) => ({ file: "made.json", text: JSON.stringify(value) });
const routes = (...values: readonly object[]) => readIpRoute({ ...made(values), family: "ipv4" });

describe("ip -j addr", () => {
  test("gives interfaces, their addresses and bridges", () => {
    const interfaces = readIpAddr(recorded("ip-addr.json"));
    const told = interfaces.map(({ name, bridge, isBridge, isLoopback, addresses }) => ({
      name: name.replace(/^veth.+/, "veth"),
      of: bridge ?? (isBridge ? "is a bridge" : isLoopback ? "is loopback" : ""),
      addresses: addresses.map(
        ({ address, subnet, scope }) => `${address}/${subnet.length} ${scope}`,
      ),
    }));
    expect(told).toEqual([
      { name: "lo", of: "is loopback", addresses: ["127.0.0.1/8 host"] },
      { name: "eth0", of: "", addresses: ["10.20.32.204/24 global"] },
      { name: "flannel.1", of: "", addresses: ["10.233.1.0/32 global"] },
      { name: "cni0", of: "is a bridge", addresses: ["10.233.1.1/24 global"] },
      { name: "veth", of: "cni0", addresses: [] },
      { name: "veth", of: "cni0", addresses: [] },
    ]);
  });

  test("tells secondary addresses, and the block at the other end of a point-to-point link", () => {
    const [port] = readIpAddr(
      made([
        {
          ifname: "tun0",
          addr_info: [
            { local: "10.8.0.1", address: "10.9.0.2", prefixlen: 32 },
            { local: "10.8.0.9", prefixlen: 24, secondary: true },
            {},
          ],
        },
        {},
      ]),
    );
    expect(port?.addresses).toEqual([
      {
        address: "10.8.0.1",
        subnet: { address: "10.9.0.2", length: 32 },
        scope: "global",
        isSecondary: false,
      },
      {
        address: "10.8.0.9",
        subnet: { address: "10.8.0.0", length: 24 },
        scope: "global",
        isSecondary: true,
      },
    ]);
  });

  test.each([
    ["not JSON", { file: "addr.json", text: "1: lo: <LOOPBACK" }, /^addr\.json: /],
    ["no list", made({ ifname: "lo" }), /^made\.json: file: /],
    ["no address", made([{ addr_info: [{ local: "10.0.0" }] }]), /10\.0\.0 is not an IP address/],
  ])("%s is refused with the file's name", (_, input, message) => {
    expect(() => readIpAddr(input)).toThrow(NodeStateError);
    expect(() => readIpAddr(input)).toThrow(message);
  });
});

describe("ip -j route", () => {
  test("gives what is recorded, both tables", () => {
    const read = readIpRoute({ ...recorded("ip-route.json"), family: "ipv4" });
    expect(read).toHaveLength(12);
    expect(read[0]).toEqual({
      type: "unicast",
      destination: { address: "0.0.0.0", length: 0 },
      table: "main",
      metric: 0,
      hops: [{ device: "eth0", gateway: "10.20.32.1", weight: 1 }],
    });
    expect(read.filter(({ table }) => table === "local")).toHaveLength(8);
  });

  test("reads several hops, gateways of the other family, and routes without any", () => {
    const told = routes(
      {
        dst: "10.1.0.0/16",
        nexthops: [
          { dev: "a", gateway: "10.0.0.1" },
          { dev: "b", weight: 3 },
        ],
      },
      { dst: "10.2.0.0/16", dev: "a", via: { family: "inet6", host: "fe80::1" } },
      { type: "blackhole", dst: "10.3.0.0/16", metric: 10 },
      { dst: "10.4.0.1", dev: "a", table: 200 },
    );
    expect(told.map(({ type, hops, table, metric }) => ({ type, hops, table, metric }))).toEqual([
      {
        type: "unicast",
        hops: [
          { device: "a", gateway: "10.0.0.1", weight: 1 },
          { device: "b", gateway: undefined, weight: 3 },
        ],
        table: "main",
        metric: 0,
      },
      {
        type: "unicast",
        hops: [{ device: "a", gateway: "fe80::1", weight: 1 }],
        table: "main",
        metric: 0,
      },
      { type: "blackhole", hops: [], table: "main", metric: 10 },
      {
        type: "unicast",
        hops: [{ device: "a", gateway: undefined, weight: 1 }],
        table: "200",
        metric: 0,
      },
    ]);
  });

  test("passes over dead hops, types it does not know, and entries that are no routes", () => {
    const told = routes(
      { dst: "10.1.0.0/16", dev: "a", flags: ["dead", "linkdown"] },
      { type: "nat", dst: "10.2.0.0/16", dev: "a" },
      { dst: "nonsense", dev: "a" },
      {},
    );
    expect(told).toEqual([]);
  });
});

describe("sysctl", () => {
  test("is read line by line, comments apart", () => {
    const read = readSysctls("net.ipv4.ip_forward = 1\n# a = b\nnet.a=2\nno setting\n");
    expect([...read]).toEqual([
      ["net.ipv4.ip_forward", "1"],
      ["net.a", "2"],
    ]);
  });

  test("writes the dots of an interface's name as slashes", () => {
    const read = readSysctls(recorded("sysctl.txt").text);
    expect(read.get(`net.ipv4.conf.${sysctlName("flannel.1")}.rp_filter`)).toBe("2");
  });
});
