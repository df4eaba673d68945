/** One row per target and its forms: what becomes of a packet. */
import { describe, expect, test } from "vitest";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { PacketInput } from "#expected/netfilter/packet.js";
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { replyTo } from "#expected/netfilter/reply.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { madeNode, outcome, tuple } from "../../support/netfilter.js";

const CLIENT = "203.0.113.7:40000";
const NODE = "192.0.2.10";

const FROM_OUTSIDE: PacketInput = {
  tuple: tuple(`tcp ${CLIENT} > ${NODE}:30080`),
  arrival: { from: "interface", name: "eth0" },
};
const FROM_POD: PacketInput = {
  tuple: tuple("tcp 10.244.1.5:40000 > 198.51.100.9:443"),
  arrival: { from: "interface", name: "veth1" },
};
const FROM_PROCESS: PacketInput = {
  tuple: tuple(`tcp ${NODE}:40000 > 10.96.0.1:443`),
  arrival: { from: "process" },
};
const FROM_LOOPBACK: PacketInput = {
  tuple: tuple("tcp 127.0.0.1:40000 > 127.0.0.1:30080"),
  arrival: { from: "process" },
};
const IPV6: PacketInput = {
  tuple: tuple("tcp [2001:db8:f::7]:40000 > [2001:db8::10]:30080"),
  arrival: { from: "interface", name: "eth0" },
};
const IPV6_POD: PacketInput = {
  tuple: tuple("tcp [2001:db8:1::5]:40000 > [2001:db8:f::9]:443"),
  arrival: { from: "interface", name: "veth1" },
};

const walk = (rules: string, packet: PacketInput, more?: Partial<NodeState>): readonly Trace[] =>
  traverse(madeNode(rules, more), packet);

const nat = (rule: string): string => `*nat\n${rule}\nCOMMIT`;

const filter = (rules: string): string => `*filter\n:FORWARD ACCEPT\n:A -\n:B -\n${rules}\nCOMMIT`;

const endpoints = (count: number): string =>
  nat(
    Array.from({ length: count }, (_, at) => {
      const chance = `-m statistic --mode random --probability ${(1 / (count - at)).toFixed(10)}`;
      const match = at === count - 1 ? "" : chance;
      return `-A PREROUTING -p tcp ${match} -j DNAT --to-destination 10.244.1.${at + 2}:80`;
    }).join("\n"),
  );

interface Row {
  readonly rule: string;
  readonly packet: PacketInput;
  readonly outcome: string;
}

const FORWARDED_TO_POD = `forwarded tcp ${CLIENT} > 10.244.1.5:8080`;

// oxfmt-ignore
const TRANSLATIONS: readonly Row[] = [
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination 10.244.1.5:8080",  packet: FROM_OUTSIDE,  outcome: FORWARDED_TO_POD },
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination 10.244.1.5",       packet: FROM_OUTSIDE,  outcome: `forwarded tcp ${CLIENT} > 10.244.1.5:30080` },
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination :8080",            packet: FROM_OUTSIDE,  outcome: `delivered-locally tcp ${CLIENT} > ${NODE}:8080` },
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination 10.244.1.5:30000-31000", packet: FROM_OUTSIDE, outcome: `forwarded tcp ${CLIENT} > 10.244.1.5:30080` },
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination 10.244.1.5:8080-8090", packet: FROM_OUTSIDE, outcome: `forwarded tcp ${CLIENT} > 10.244.1.5:*` },
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination 10.244.1.5:30000-31000 --random", packet: FROM_OUTSIDE, outcome: `forwarded tcp ${CLIENT} > 10.244.1.5:*` },
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination 10.244.1.5 --random", packet: FROM_OUTSIDE, outcome: `forwarded tcp ${CLIENT} > 10.244.1.5:30080` },
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination 10.244.1.5:1-9/7", packet: FROM_OUTSIDE,  outcome: "unknown -A PREROUTING -p tcp -j DNAT --to-destination 10.244.1.5:1-9/7 target DNAT --to-destination 10.244.1.5:1-9/7 is not modelled" },
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination [2001:db8:1::5]:8080", packet: IPV6,      outcome: "forwarded tcp [2001:db8:f::7]:40000 > [2001:db8:1::5]:8080" },
  { rule: "-A PREROUTING -p tcp -j DNAT --to-destination 2001:db8:1::5",    packet: IPV6,          outcome: "forwarded tcp [2001:db8:f::7]:40000 > [2001:db8:1::5]:30080" },
  { rule: "-A OUTPUT -d 10.96.0.1/32 -j DNAT --to-destination 10.244.1.5:6443", packet: FROM_PROCESS, outcome: `forwarded tcp ${NODE}:40000 > 10.244.1.5:6443` },
  { rule: "-A PREROUTING -p tcp -j REDIRECT --to-ports 8080",               packet: FROM_OUTSIDE,  outcome: `delivered-locally tcp ${CLIENT} > ${NODE}:8080` },
  { rule: "-A PREROUTING -p tcp -j REDIRECT",                               packet: FROM_POD,      outcome: "delivered-locally tcp 10.244.1.5:40000 > 10.244.1.1:443" },
  { rule: "-A OUTPUT -p tcp -j REDIRECT --to-ports 15001",                  packet: FROM_PROCESS,  outcome: `delivered-locally tcp ${NODE}:40000 > 127.0.0.1:15001` },
  { rule: "-A PREROUTING -p tcp -j REDIRECT --to-ports 8080",               packet: IPV6,          outcome: "delivered-locally tcp [2001:db8:f::7]:40000 > [2001:db8::10]:8080" },
  { rule: "-A POSTROUTING -s 10.244.1.0/24 -j MASQUERADE",                  packet: FROM_POD,      outcome: `forwarded tcp ${NODE}:40000 > 198.51.100.9:443` },
  { rule: "-A POSTROUTING -j MASQUERADE --random-fully",                    packet: FROM_POD,      outcome: `forwarded tcp ${NODE}:* > 198.51.100.9:443` },
  { rule: "-A POSTROUTING -p tcp -j MASQUERADE --to-ports 1024-2048",       packet: FROM_POD,      outcome: `forwarded tcp ${NODE}:* > 198.51.100.9:443` },
  { rule: "-A POSTROUTING -p tcp -j MASQUERADE --to-ports 39000-41000",     packet: FROM_POD,      outcome: `forwarded tcp ${NODE}:40000 > 198.51.100.9:443` },
  { rule: "-A POSTROUTING -j MASQUERADE",                                   packet: IPV6_POD,      outcome: "forwarded tcp [2001:db8::10]:40000 > [2001:db8:f::9]:443" },
  { rule: "-A POSTROUTING -j SNAT --to-source 192.0.2.99",                  packet: FROM_POD,      outcome: "forwarded tcp 192.0.2.99:40000 > 198.51.100.9:443" },
  { rule: "-A POSTROUTING -p tcp -j SNAT --to-source 192.0.2.99:5000-6000", packet: FROM_POD,      outcome: "forwarded tcp 192.0.2.99:* > 198.51.100.9:443" },
  { rule: "-A POSTROUTING -j SNAT --to-source 192.0.2.99 --random-fully",   packet: FROM_POD,      outcome: "forwarded tcp 192.0.2.99:* > 198.51.100.9:443" },
  { rule: "-A POSTROUTING -j ACCEPT\n-A POSTROUTING -j MASQUERADE",         packet: FROM_POD,      outcome: "forwarded tcp 10.244.1.5:40000 > 198.51.100.9:443" },
  { rule: "-A INPUT -j SNAT --to-source 10.9.9.9",                          packet: FROM_OUTSIDE,  outcome: `delivered-locally tcp 10.9.9.9:40000 > ${NODE}:30080` },
];

describe("a translation", () => {
  test.each(TRANSLATIONS)("$rule", ({ rule, packet, outcome: expected }) => {
    const [trace] = walk(nat(rule), packet);
    expect(trace && outcome(trace)).toBe(expected);
  });

  test.each(TRANSLATIONS.filter(({ outcome }) => !outcome.includes("unknown")))(
    "is undone for the answer: $rule",
    ({ rule, packet }) => {
      const node = madeNode(nat(rule));
      const [trace] = traverse(node, packet);
      const answer = trace && replyTo(trace);
      const [back] = answer ? traverse(node, answer) : [];
      const { source, destination, protocol } = packet.tuple;
      expect(back && formatPredictedTuple(back.final)).toBe(
        formatPredictedTuple({ protocol, source: destination, destination: source }),
      );
    },
  );

  test("into a range of addresses goes to each of them", () => {
    const rule = "-A PREROUTING -j DNAT --to-destination 10.244.1.5-10.244.1.7";
    const traces = walk(nat(rule), FROM_OUTSIDE);
    expect(traces.map(({ final }) => final.destination.address)).toEqual([
      "10.244.1.5",
      "10.244.1.6",
      "10.244.1.7",
    ]);
    expect(traces.map(({ probability }) => probability)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  test("keeps no source port that another connection holds", () => {
    const entry = {
      original: tuple("tcp 10.244.1.9:40000 > 198.51.100.9:443"),
      reply: tuple(`tcp 198.51.100.9:443 > ${NODE}:40000`),
      mark: 0,
    };
    const [trace] = walk(nat("-A POSTROUTING -j MASQUERADE"), FROM_POD, { entries: [entry] });
    expect(trace?.final.source).toEqual({ address: NODE, port: "any" });
  });

  test("of the source is asked once, though a packet to the node itself passes lo twice", () => {
    const rules = nat(
      "-A OUTPUT -p tcp -j REDIRECT --to-ports 8080\n-A PREROUTING -p tcp -j REDIRECT --to-ports 9090",
    );
    const [trace] = walk(rules, FROM_LOOPBACK);
    expect(trace && outcome(trace)).toBe("delivered-locally tcp 127.0.0.1:40000 > 127.0.0.1:8080");
  });

  test("needs an address on the interface", () => {
    const { interfaces } = madeNode("");
    const bare = interfaces.map((port) => ({ ...port, addresses: [] }));
    const [trace] = walk(nat("-A POSTROUTING -j MASQUERADE"), FROM_POD, { interfaces: bare });
    expect(trace && outcome(trace)).toBe(
      "dropped -A POSTROUTING -j MASQUERADE eth0 has no address for MASQUERADE",
    );
  });
});

describe("a verdict", () => {
  // oxfmt-ignore
  const rows = [
    { rules: "-A FORWARD -j ACCEPT\n-A FORWARD -j DROP",                              outcome: "forwarded" },
    { rules: "-A FORWARD -j DROP",                                                    outcome: "dropped" },
    { rules: "-A FORWARD -j REJECT --reject-with icmp-port-unreachable",              outcome: "rejected" },
    { rules: "-A FORWARD -j RETURN\n-A FORWARD -j DROP",                              outcome: "forwarded" },
    { rules: "-A FORWARD -j A\n-A FORWARD -j DROP\n-A A -j ACCEPT",                   outcome: "forwarded" },
    { rules: "-A FORWARD -j A\n-A FORWARD -j DROP\n-A A -j RETURN\n-A A -j ACCEPT",   outcome: "dropped" },
    { rules: "-A FORWARD -j A\n-A FORWARD -j DROP",                                   outcome: "dropped" },
    { rules: "-A FORWARD -g A\n-A FORWARD -j DROP",                                   outcome: "forwarded" },
    { rules: "-A FORWARD -j A\n-A FORWARD -j DROP\n-A A -g B\n-A A -j ACCEPT\n-A B -j RETURN", outcome: "dropped" },
    { rules: "-A FORWARD -g NOWHERE",                                                 outcome: "unknown" },
    { rules: "-A FORWARD -j NFQUEUE --queue-num 1",                                   outcome: "unknown" },
    { rules: "-A FORWARD -p udp -j NFQUEUE --queue-num 1",                            outcome: "forwarded" },
    { rules: "-A FORWARD -j A\n-A A -j A",                                            outcome: "unknown" },
    { rules: "-A FORWARD -j LOG --log-prefix \"-j DROP \" --log-level 4\n-A FORWARD -j DROP", outcome: "dropped" },
    { rules: "-A FORWARD -m limit --limit 1/sec -j LOG",                              outcome: "forwarded" },
    { rules: "-A FORWARD -m limit --limit 1/sec -j ACCEPT",                           outcome: "unknown" },
    { rules: "-A FORWARD -j NFLOG --nflog-group 1",                                   outcome: "forwarded" },
    { rules: "-A FORWARD -j TRACE",                                                   outcome: "forwarded" },
    { rules: "-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu", outcome: "forwarded" },
    { rules: "-A FORWARD -m comment --comment \"counts only\"",                       outcome: "forwarded" },
    { rules: "-A FORWARD -j MARK --set-xmark 0x1/0x1\n-A FORWARD -m mark --mark 0x1/0x1 -j DROP", outcome: "dropped" },
  ] as const;

  test.each(rows)("$rules: $outcome", ({ rules, outcome: expected }) => {
    const [trace, ...others] = walk(filter(rules), FROM_POD);
    expect(trace?.disposition).toBe(expected);
    expect(others).toEqual([]);
  });

  test("of a policy is told with its line", () => {
    const [trace] = walk("*filter\n:INPUT ACCEPT\n:FORWARD DROP [0:0]\nCOMMIT", FROM_POD);
    expect(trace?.reason).toBe("policy of filter FORWARD");
    expect(trace?.steps.at(-1)).toMatchObject({ kind: "policy", chain: "FORWARD", line: 3 });
  });

  test("that nests without end stops at a limit", () => {
    const [trace] = walk(filter("-A FORWARD -j A\n-A A -j B\n-A B -j A"), FROM_POD);
    expect(trace?.reason).toBe("chains nest deeper than 64");
  });

  test("that matches too many rules stops at a limit", () => {
    const chains = Array.from({ length: 40 }, (_, at) => `:C${at} -`).join("\n");
    const rules = Array.from(
      { length: 39 },
      (_, at) => `-A C${at} -j C${at + 1}\n-A C${at} -j C${at + 1}`,
    );
    const text = `*filter\n:FORWARD ACCEPT\n${chains}\n-A FORWARD -j C0\n${rules.join("\n")}\nCOMMIT`;
    expect(walk(text, FROM_POD)[0]?.reason).toBe("more than 4000 rules match");
  });

  test("that takes too many rules stops at a limit", () => {
    const rules = [
      ...Array<string>(2000).fill("-A FORWARD -j A"),
      ...Array<string>(1000).fill("-A A -p sctp -j DROP"),
    ];
    expect(walk(filter(rules.join("\n")), FROM_POD)[0]?.reason).toBe(
      "more than 1000000 rules tried",
    );
  });
});

describe("a mark", () => {
  // oxfmt-ignore
  const rows = [
    { rules: "-j MARK --set-mark 0x1",                          mark: 0x1 },
    { rules: "-j MARK --set-mark 0x4/0xff",                     mark: 0xf04 },
    { rules: "-j MARK --set-xmark 0x4/0xff",                    mark: 0xf04 },
    { rules: "-j MARK --set-xmark 0x4000/0x0",                  mark: 0x4f00 },
    { rules: "-j MARK --or-mark 0x4000",                        mark: 0x4f00 },
    { rules: "-j MARK --and-mark 0x300",                        mark: 0x300 },
    { rules: "-j MARK --xor-mark 0x700",                        mark: 0x800 },
    { rules: "-j MARK --set-xmark 0x80000000/0x80000000",       mark: 0x80000f00 },
    { rules: "-j CONNMARK --save-mark\n-A FORWARD -j MARK --set-mark 0x0\n-A FORWARD -j CONNMARK --restore-mark", mark: 0xf00 },
    { rules: "-j CONNMARK --save-mark --nfmask 0x300 --ctmask 0xffffffff\n-A FORWARD -j MARK --set-mark 0x0\n-A FORWARD -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff", mark: 0x300 },
    { rules: "-j CONNMARK --set-xmark 0x10/0xff\n-A FORWARD -j CONNMARK --restore-mark --mask 0xff", mark: 0xf10 },
  ];
  test.each(rows)("$rules", ({ rules, mark }) => {
    const text = `*mangle\n-A PREROUTING -j MARK --set-mark 0xf00\n-A FORWARD ${rules}\nCOMMIT`;
    expect(walk(text, FROM_POD)[0]?.mark).toBe(mark);
  });

  test("of a connection stays with its entry", () => {
    const text = "*mangle\n-A FORWARD -j CONNMARK --set-mark 0x7\nCOMMIT";
    expect(walk(text, FROM_POD)[0]?.entry?.mark).toBe(7);
  });
});

describe("an untracked packet", () => {
  test.each(["-j NOTRACK", "-j CT --notrack"])("%s is not translated", (target) => {
    const text = `*raw\n-A PREROUTING ${target}\nCOMMIT\n${nat("-A POSTROUTING -j MASQUERADE")}`;
    const [trace] = walk(text, FROM_POD);
    expect(trace && outcome(trace)).toBe("forwarded tcp 10.244.1.5:40000 > 198.51.100.9:443");
    expect(trace?.entry).toBeUndefined();
  });

  test("of another zone is not modelled", () => {
    const [trace] = walk("*raw\n-A PREROUTING -j CT --zone 1\nCOMMIT", FROM_POD);
    expect(trace?.reason).toBe("target CT --zone 1 is not modelled");
  });
});

describe("chance", () => {
  test.each([1, 2, 3, 10])("gives each of %i endpoints its share", (count) => {
    const traces = walk(endpoints(count), FROM_OUTSIDE);
    expect(traces).toHaveLength(count);
    for (const { probability } of traces) expect(probability).toBeCloseTo(1 / count, 6);
  });

  test("of more ways than are followed says what is left", () => {
    const rules = Array.from({ length: 300 }, (_, at) => {
      const address = `10.244.${1 + (at >> 7)}.${2 + (at & 127)}`;
      const share = (1 / (300 - at)).toFixed(10);
      return `-A PREROUTING -m statistic --mode random --probability ${share} -j DNAT --to-destination ${address}`;
    });
    const traces = walk(nat(rules.join("\n")), FROM_OUTSIDE);
    expect(traces).toHaveLength(257);
    expect(traces.at(-1)).toMatchObject({
      disposition: "unknown",
      reason: "more ways than the model follows",
    });
    expect(traces.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1);
  });

  test.each([
    ["-m statistic --mode nth --every 4 --packet 0", [0.25, 0.75]],
    ["-m statistic ! --mode random --probability 0.25", [0.75, 0.25]],
    ["-m statistic --mode random --probability 1.0000000000", [1]],
    ["-m statistic --mode random --probability 0.0000000000", [1]],
  ])("%s", (match, probabilities) => {
    const text = `*filter\n-A FORWARD ${match} -j DROP\nCOMMIT`;
    expect(walk(text, FROM_POD).map(({ probability }) => probability)).toEqual(probabilities);
  });

  test("of a multipath route follows its weights", () => {
    const { routes } = madeNode("");
    const hops = [
      { device: "eth0", gateway: "192.0.2.1", weight: 1 },
      { device: "eth0", gateway: "192.0.2.2", weight: 3 },
    ];
    const multipath = routes.map((route) =>
      route.destination.length === 0 ? { ...route, hops } : route,
    );
    const traces = walk("", FROM_POD, { routes: multipath });
    expect(traces.map(({ probability }) => probability)).toEqual([0.25, 0.75]);
  });
});
