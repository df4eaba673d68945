/** Routing, sysctls and bridges: what decides a packet's way beside the rules. */
import { describe, expect, test } from "vitest";
import { readIpRoute } from "#cluster/ip-json.js";
import { readSysctls } from "#cluster/sysctl-text.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { PacketInput } from "#expected/netfilter/packet.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { madeNode, NODE, outcome, tuple } from "../../support/netfilter.js";

const by = (name: string, text: string): PacketInput => ({
  tuple: tuple(text),
  arrival: { from: "interface", name },
});
const sent = (text: string): PacketInput => ({ tuple: tuple(text), arrival: { from: "process" } });

const walk = (packet: PacketInput, more: Partial<NodeState> = {}, rules = ""): Trace | undefined =>
  traverse(madeNode(rules, more), packet)[0];

const CLIENT = "203.0.113.7:40000";
const TO_POD = by("eth0", `tcp ${CLIENT} > 10.244.1.5:80`);
const DNAT_ALL =
  "*nat\n-A PREROUTING -j DNAT --to-destination 10.244.1.5:80\n-A OUTPUT -j DNAT --to-destination 10.244.1.5:80\nCOMMIT";

const sysctls = (...lines: readonly string[]): Partial<NodeState> => ({
  sysctls: readSysctls(["net.ipv4.ip_forward = 1", ...lines].join("\n")),
});
const withRoutes = (...routes: readonly object[]): Partial<NodeState> => ({
  routes: [
    ...madeNode("").routes,
    ...readIpRoute({ file: "r", family: "ipv4", text: JSON.stringify(routes) }),
  ],
});

describe("the hooks", () => {
  const everywhere = ["raw", "mangle", "nat", "filter"]
    .map((table) => {
      const chains = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"];
      return [`*${table}`, ...chains.map((chain) => `-A ${chain} -j LOG`), "COMMIT"].join("\n");
    })
    .join("\n");

  // oxfmt-ignore
  test.each([
    { way: "forwarded", packet: TO_POD,                                    passed: "raw prerouting, mangle prerouting, nat prerouting, mangle forward, filter forward, mangle postrouting, nat postrouting" },
    { way: "delivered", packet: by("eth0", `tcp ${CLIENT} > ${NODE}:80`),  passed: "raw prerouting, mangle prerouting, nat prerouting, mangle input, filter input, nat input" },
    { way: "sent",      packet: sent(`tcp ${NODE}:40000 > 10.244.1.5:80`), passed: "raw output, mangle output, nat output, filter output, mangle postrouting, nat postrouting" },
    { way: "looped",    packet: sent("tcp 127.0.0.1:40000 > 127.0.0.1:80"), passed: "raw output, mangle output, nat output, filter output, mangle postrouting, nat postrouting, raw prerouting, mangle prerouting, mangle input, filter input" },
  ])("of a packet that is $way come in the kernel's order", ({ packet, passed }) => {
    const steps = walk(packet, {}, everywhere)?.steps ?? [];
    const places = steps.flatMap((step) => (step.kind === "rule" ? `${step.table} ${step.hook}` : []));
    expect(places.join(", ")).toBe(passed);
  });
});

describe("routing", () => {
  test("takes the longest prefix, then the lowest metric", () => {
    const routes = withRoutes(
      { dst: "10.244.0.0/16", dev: "eth0" },
      { dst: "10.250.0.0/16", dev: "eth0", gateway: "192.0.2.7", metric: 200 },
      { dst: "10.250.0.0/16", dev: "cni0", metric: 100 },
    );
    expect(walk(TO_POD, routes)?.out).toBe("cni0");
    expect(walk(by("eth0", `tcp ${CLIENT} > 10.244.2.5:80`), routes)?.out).toBe("eth0");
    expect(walk(by("eth0", `tcp ${CLIENT} > 10.250.2.5:80`), routes)?.out).toBe("cni0");
    expect(walk(by("cni0", "tcp 10.244.1.5:1 > 198.51.100.1:80"), routes)?.out).toBe("eth0");
  });

  // oxfmt-ignore
  test.each([
    [{ type: "blackhole", dst: "10.250.0.0/16" },    "dropped blackhole route"],
    [{ type: "unreachable", dst: "10.250.0.0/16" },  "rejected unreachable route"],
    [{ type: "prohibit", dst: "10.250.0.0/16" },     "rejected prohibit route"],
    [{ type: "broadcast", dst: "10.250.0.1", dev: "eth0", table: "local" }, "unknown broadcast destinations are not modelled"],
  ])("%o", (route, expected) => {
    const trace = walk(by("eth0", `tcp ${CLIENT} > 10.250.0.1:80`), withRoutes(route));
    expect(trace && outcome(trace)).toBe(expected);
  });

  test("without a route goes nowhere", () => {
    const trace = walk(TO_POD, { routes: [] });
    expect(trace && outcome(trace)).toBe("dropped no route to 10.244.1.5");
  });
});

describe("a sysctl", () => {
  const LOCALNET = "net.ipv4.conf.eth0.route_localnet";
  const martian = by("eth0", `tcp ${CLIENT} > 127.0.0.1:80`);

  // oxfmt-ignore
  test.each([
    { packet: TO_POD,  with: sysctls("net.ipv4.ip_forward = 0"),                       outcome: "dropped net.ipv4.ip_forward is 0" },
    { packet: TO_POD,  with: sysctls("net.ipv4.conf.eth0.forwarding = 0"),             outcome: "dropped net.ipv4.conf.eth0.forwarding is 0" },
    { packet: TO_POD,  with: sysctls("net.ipv4.ip_forward = 0", "net.ipv4.conf.eth0.forwarding = 0"), outcome: "dropped net.ipv4.ip_forward is 0" },
    { packet: martian, with: sysctls(`${LOCALNET} = 0`),                               outcome: `dropped martian 127.0.0.1 on eth0: ${LOCALNET} is 0` },
    { packet: martian, with: sysctls(`${LOCALNET} = 1`),                               outcome: `delivered-locally tcp ${CLIENT} > 127.0.0.1:80` },
    { packet: martian, with: sysctls("net.ipv4.conf.all.route_localnet = 1"),          outcome: `delivered-locally tcp ${CLIENT} > 127.0.0.1:80` },
    { packet: by("cni0", `tcp ${CLIENT} > ${NODE}:80`), with: sysctls("net.ipv4.conf.cni0.rp_filter = 1"), outcome: "dropped rp_filter=1: the way back to 203.0.113.7 is not by cni0" },
    { packet: by("cni0", `tcp ${CLIENT} > ${NODE}:80`), with: sysctls("net.ipv4.conf.all.rp_filter = 1", "net.ipv4.conf.cni0.rp_filter = 2"), outcome: `delivered-locally tcp ${CLIENT} > ${NODE}:80` },
    { packet: by("eth0", `tcp ${CLIENT} > ${NODE}:80`), with: sysctls("net.ipv4.conf.all.rp_filter = 1"), outcome: `delivered-locally tcp ${CLIENT} > ${NODE}:80` },
    { packet: by("eth0", `tcp ${NODE}:1 > ${NODE}:80`), with: {},                      outcome: `dropped martian source: ${NODE} is an address of this node and came in by eth0` },
    { packet: by("eth0", "tcp [2001:db8:f::7]:1 > [::1]:80"), with: {},                outcome: "dropped a loopback address on eth0 is discarded" },
    { packet: by("eth0", "tcp [2001:db8:f::7]:1 > [2001:db8:1::5]:80"), with: sysctls("net.ipv6.conf.all.forwarding = 0"), outcome: "dropped net.ipv6.conf.all.forwarding is 0" },
  ])("$outcome", ({ packet, with: more, outcome: expected }) => {
    const trace = walk(packet, more);
    expect(trace && outcome(trace)).toBe(expected);
  });

  test("of loopback decides whether a process's 127.0.0.1 leaves by the bridge", () => {
    const packet = sent("tcp 127.0.0.1:40000 > 127.0.0.1:30080");
    const on = walk(packet, sysctls("net.ipv4.conf.cni0.route_localnet = 1"), DNAT_ALL);
    expect(on && outcome(on)).toBe("forwarded tcp 127.0.0.1:40000 > 10.244.1.5:80");
    const off = walk(packet, sysctls("net.ipv4.conf.cni0.route_localnet = 0"), DNAT_ALL);
    expect(off?.reason).toBe(
      "127.0.0.1 may not leave by cni0: net.ipv4.conf.cni0.route_localnet is 0",
    );
  });

  test("that nobody printed is assumed, and told when it mattered", () => {
    const none = { sysctls: new Map() };
    expect(walk(TO_POD, none)?.assumptions).toEqual(["net.ipv4.ip_forward is 1"]);
    expect(walk(martian, none)?.assumptions).toEqual([`${LOCALNET} is 0`]);
    expect(walk(by("eth0", `tcp ${CLIENT} > ${NODE}:80`), none)?.assumptions).toEqual([]);
  });
});

describe("a bridge", () => {
  const NEIGHBOUR = by("veth1", "tcp 10.244.1.6:40000 > 10.244.1.5:80");
  const DROP = "*filter\n-A FORWARD -i cni0 -o cni0 -j DROP\nCOMMIT";

  test("hands frames between its ports to iptables only with bridge-nf-call-iptables", () => {
    const with1 = sysctls("net.bridge.bridge-nf-call-iptables = 1");
    const with0 = sysctls("net.bridge.bridge-nf-call-iptables = 0");
    expect(walk(NEIGHBOUR, with1, DROP)?.disposition).toBe("dropped");
    expect(walk(NEIGHBOUR, with0, DROP)).toMatchObject({ disposition: "forwarded", out: "cni0" });
    expect(walk(NEIGHBOUR, sysctls(), DROP)?.assumptions).toEqual([
      "net.bridge.bridge-nf-call-iptables is 1",
    ]);
  });

  test("hands what is for the node to prerouting in any case", () => {
    const with0 = sysctls("net.bridge.bridge-nf-call-iptables = 0");
    const trace = walk(by("veth1", `tcp 10.244.1.6:40000 > ${NODE}:30080`), with0, DNAT_ALL);
    expect(trace && outcome(trace)).toBe("forwarded tcp 10.244.1.6:40000 > 10.244.1.5:80");
  });
});

const address = (text: string, more: object = {}) => {
  const [base = "", length] = text.split("/");
  const subnet = { address: base.replace(/\d+$/, "0"), length: Number(length) };
  return { address: base, subnet, scope: "global" as const, isSecondary: false, ...more };
};

describe("MASQUERADE", () => {
  const RULE = "*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT";
  const sourceOf = (packet: PacketInput, more: Partial<NodeState>): string | undefined =>
    walk(packet, more, RULE)?.final.source.address;

  const onUplink = (...addresses: readonly ReturnType<typeof address>[]): Partial<NodeState> => ({
    interfaces: madeNode("").interfaces.map((port) =>
      port.name === "eth0" ? { ...port, addresses } : port,
    ),
  });
  const OUT = by("cni0", "tcp 10.244.1.5:40000 > 198.51.100.9:443");

  // oxfmt-ignore
  test.each([
    { what: "the primary address in the gateway's subnet", on: onUplink(address("10.9.0.1/24"), address("192.0.2.10/24")), source: "192.0.2.10" },
    { what: "the first where none is",                     on: onUplink(address("10.9.0.1/24"), address("10.8.0.1/24")),  source: "10.9.0.1" },
    { what: "no secondary one",                            on: onUplink(address("10.9.0.1/24"), address("192.0.2.11/24", { isSecondary: true })), source: "10.9.0.1" },
    { what: "another interface's where it has none",       on: onUplink(),                                                source: "10.244.1.1" },
  ])("takes $what", ({ on, source }) => {
    expect(sourceOf(OUT, on)).toBe(source);
  });

  test("takes an IPv6 address of the out device, the nearest to the next hop", () => {
    const near = { ...address("2001:db8::10/64"), subnet: { address: "2001:db8::", length: 64 } };
    const far = { ...near, address: "2001:dc8::10" };
    const more = onUplink(far, near);
    expect(sourceOf(by("cni0", "tcp [2001:db8:1::5]:1 > [2001:db8:f::9]:443"), more)).toBe(
      "2001:db8::10",
    );
  });

  test("does not lead to lo's own address: it has none of global scope", () => {
    const trace = walk(sent(`tcp ${NODE}:40000 > 127.0.0.1:80`), {}, RULE);
    expect(trace?.final.source.address).toBe(NODE);
  });
});
