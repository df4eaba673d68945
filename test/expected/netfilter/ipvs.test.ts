/** What the kernel's IPVS does to a packet; after its source alone, for no kernel here has it. */
import { describe, expect, test } from "vitest";
import { readSysctls } from "#cluster/sysctl-text.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { PacketInput } from "#expected/netfilter/packet.js";
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { replyTo } from "#expected/netfilter/reply.js";
import type { Step, Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { readIpvsadmSave } from "#expected/rulesets/ipvsadm-save.js";
import { prefixOf } from "#net/prefix.js";
import { madeNode, NODE, outcome, tuple } from "../../support/netfilter.js";

const VIP = "10.96.0.1";
const VIP6 = "2001:db8:96::1";
const CLIENT = "203.0.113.7:40000";

/** A node whose kube-ipvs0 has the virtual addresses, and 127.0.0.1 may be routed nowhere. */
function ipvsNode(lines: readonly string[], more: Partial<NodeState> = {}, rules = ""): NodeState {
  const { servers } = readIpvsadmSave({ file: "ipvsadm.txt", text: lines.join("\n") });
  const node = madeNode(rules);
  return {
    ...node,
    interfaces: [
      ...node.interfaces,
      {
        name: "kube-ipvs0",
        bridge: undefined,
        isBridge: false,
        isLoopback: false,
        addresses: [VIP, VIP6].map((address) => ({
          address,
          subnet: prefixOf(address, address.includes(":") ? 128 : 32),
          scope: "global" as const,
          isSecondary: false,
        })),
      },
    ],
    sysctls: new Map([...node.sysctls, ["net.ipv4.vs.conntrack", "1"]]),
    ipvs: servers,
    ...more,
  };
}

const web = (options: string, ...real: readonly string[]): readonly string[] => [
  `-A -t ${VIP}:80 ${options}`,
  ...real.map((options) => `-a -t ${VIP}:80 ${options}`),
];
const ONE = web("-s rr", "-r 10.244.1.5:8080 -m -w 1");

const by = (name: string, text: string): PacketInput => ({
  tuple: tuple(text),
  arrival: { from: "interface", name },
});
const sent = (text: string): PacketInput => ({ tuple: tuple(text), arrival: { from: "process" } });
const DIALLED = by("eth0", `tcp ${CLIENT} > ${VIP}:80`);

const walked = ({ steps }: Trace): string => steps.map(stepText).join(", ");

function stepText(step: Step): string {
  if (step.kind === "routing") return "routing";
  if (step.kind === "ipvs") return `${step.hook} ipvs`;
  return step.kind === "rule" ? `${step.hook} ${step.table}` : `${step.hook} ${step.kind}`;
}

const LOG_ALL = ["raw", "mangle", "nat", "filter"]
  .map((table) => {
    const chains = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"];
    return [`*${table}`, ...chains.map((chain) => `-A ${chain} -j LOG`), "COMMIT"].join("\n");
  })
  .join("\n");

describe("a real server of another machine", () => {
  test("gets a client's packet behind INPUT, by OUTPUT and POSTROUTING", () => {
    const [trace] = traverse(ipvsNode(ONE, {}, LOG_ALL), DIALLED);
    expect(trace && outcome(trace)).toBe(`forwarded tcp ${CLIENT} > 10.244.1.5:8080`);
    expect(trace?.out).toBe("cni0");
    expect(trace && walked(trace)).toBe(
      "prerouting raw, prerouting mangle, prerouting nat, routing, input mangle, input filter, " +
        "input ipvs, routing, output raw, output mangle, output filter, postrouting mangle, " +
        "postrouting nat",
    );
  });

  test("gets a process's packet behind OUTPUT's nat, which it then passes again", () => {
    const [trace] = traverse(ipvsNode(ONE, {}, LOG_ALL), sent(`tcp ${VIP}:40000 > ${VIP}:80`));
    expect(trace && outcome(trace)).toBe(`forwarded tcp ${VIP}:40000 > 10.244.1.5:8080`);
    expect(trace && walked(trace)).toBe(
      "routing, output raw, output mangle, output nat, output ipvs, routing, output raw, " +
        "output mangle, output filter, postrouting mangle, postrouting nat",
    );
  });

  test.each([
    ["a client's", DIALLED],
    ["a process's", sent(`tcp ${VIP}:40000 > ${VIP}:80`)],
  ])("is routed to, which %s TTL tells", (_, packet) => {
    const [trace] = traverse(ipvsNode(ONE), packet);
    const lowered = trace?.steps.flatMap((step) => (step.kind === "ipvs" ? step.ttlLowered : []));
    expect(lowered).toEqual([1]);
  });

  test("is reached without ip_forward, for nothing is forwarded", () => {
    const sysctls = readSysctls("net.ipv4.ip_forward = 0\nnet.ipv4.vs.conntrack = 1");
    const [trace] = traverse(ipvsNode(ONE, { sysctls }), DIALLED);
    expect(trace?.disposition).toBe("forwarded");
    expect(trace?.assumptions).toEqual([]);
  });

  test("says which lines it follows", () => {
    const [trace] = traverse(ipvsNode(ONE), DIALLED);
    const step = trace?.steps.find(({ kind }) => kind === "ipvs");
    expect(step).toMatchObject({ server: { line: 1 }, realServer: { line: 2 } });
  });

  test("sees no packet of 127.0.0.1", () => {
    const [trace] = traverse(ipvsNode(ONE), sent(`tcp 127.0.0.1:40000 > ${VIP}:80`));
    expect(trace && outcome(trace)).toBe(
      "dropped IPVS sends nothing from 127.0.0.1 to another machine",
    );
  });
});

describe("a real server of the node itself", () => {
  const LOCAL = web("-s rr", `-r ${NODE}:9090 -m -w 1`);

  // oxfmt-ignore
  test.each([
    { packet: DIALLED,                              outcome: `delivered-locally tcp ${CLIENT} > ${NODE}:9090` },
    { packet: sent(`tcp ${VIP}:40000 > ${VIP}:80`), outcome: `delivered-locally tcp ${VIP}:40000 > ${NODE}:9090` },
  ])("$outcome", ({ packet, outcome: expected }) => {
    const [trace] = traverse(ipvsNode(LOCAL), packet);
    expect(trace && outcome(trace)).toBe(expected);
    const steps = trace?.steps.flatMap((step) => (step.kind === "ipvs" ? step.ttlLowered : []));
    expect(steps).toEqual([0]);
  });

  test("is not reached on a loopback address from outside", () => {
    const [trace] = traverse(ipvsNode(web("-s rr", "-r 127.0.0.1:9090 -m -w 1")), DIALLED);
    expect(trace && outcome(trace)).toBe("dropped IPVS gives nothing from outside to 127.0.0.1");
  });

  test("answers with the virtual server's address", () => {
    const node = ipvsNode(LOCAL);
    expect(answers(node, DIALLED)).toEqual([`forwarded tcp ${VIP}:80 > ${CLIENT}`]);
  });
});

const untold = (name: string): string =>
  `scheduler ${name}: no share is to be had, so all are taken to be equal`;

describe("the scheduler", () => {
  const REAL = ["-r 10.244.1.5:80 -m -w 3", "-r 10.244.1.6:80 -m -w 1", "-r 10.244.1.7:80 -m -w 0"];

  // oxfmt-ignore
  test.each([
    { scheduler: "rr",  shares: ["10.244.1.5 0.5", "10.244.1.6 0.5"],   assumed: [] },
    { scheduler: "wrr", shares: ["10.244.1.5 0.75", "10.244.1.6 0.25"], assumed: [] },
    { scheduler: "lc",  shares: ["10.244.1.5 0.5", "10.244.1.6 0.5"],   assumed: [untold("lc")] },
    { scheduler: "sh",  shares: ["10.244.1.5 0.5", "10.244.1.6 0.5"],   assumed: [untold("sh")] },
    { scheduler: "rr -p 60", shares: ["10.244.1.5 0.5", "10.244.1.6 0.5"], assumed: [`the client has had no real server of -A -t ${VIP}:80 -s rr -p 60 for 60 s`] },
  ])("$scheduler", ({ scheduler, shares, assumed }) => {
    const traces = traverse(ipvsNode(web(`-s ${scheduler}`, ...REAL)), DIALLED);
    const found = traces.map(
      ({ final, probability }) => `${final.destination.address} ${probability}`,
    );
    expect(found).toEqual(shares);
    for (const { assumptions } of traces) expect(assumptions).toEqual(assumed);
  });

  test("has nothing to assume where there is one choice", () => {
    const [trace] = traverse(ipvsNode(web("-s lc -p 60", ...REAL.slice(1))), DIALLED);
    expect(trace?.final.destination.address).toBe("10.244.1.6");
    expect(trace?.assumptions).toEqual([]);
  });
});

describe("a packet that nobody takes", () => {
  const TO6 = by("eth0", `tcp [2001:db8:f::7]:40000 > [${VIP6}]:80`);

  // oxfmt-ignore
  test.each([
    { of: "no real server",       lines: web("-s rr"),                                    packet: DIALLED, outcome: "rejected icmp-port-unreachable" },
    { of: "weight 0 alone",       lines: web("-s rr", "-r 10.244.1.5:80 -m -w 0"),        packet: DIALLED, outcome: "rejected icmp-port-unreachable" },
    { of: "IPv6",                 lines: [`-A -t [${VIP6}]:80 -s rr`],                    packet: TO6,     outcome: "rejected icmp6-port-unreachable" },
    { of: "port 0 that forgets",  lines: [`-A -t ${VIP}:0 -s rr`, `-a -t ${VIP}:0 -r 10.244.1.5 -m -w 1`], packet: DIALLED, outcome: "rejected icmp-port-unreachable" },
    { of: "another port",         lines: ONE,                                             packet: by("eth0", `tcp ${CLIENT} > ${VIP}:81`), outcome: `delivered-locally tcp ${CLIENT} > ${VIP}:81` },
    { of: "another protocol",     lines: ONE,                                             packet: by("eth0", `udp ${CLIENT} > ${VIP}:80`), outcome: `delivered-locally udp ${CLIENT} > ${VIP}:80` },
    { of: "no SYN",               lines: ONE,                                             packet: { ...DIALLED, tcpFlags: ["ACK"] as const }, outcome: `delivered-locally tcp ${CLIENT} > ${VIP}:80` },
    { of: "an unread option",     lines: web("-s rr -o", "-r 10.244.1.5:80 -m -w 1"),     packet: DIALLED, outcome: "unknown ipvsadm.txt:1: -o is not modelled" },
    { of: "an unread scheduler",  lines: web("-s fo", "-r 10.244.1.5:80 -m -w 1"),        packet: DIALLED, outcome: "unknown ipvsadm.txt:1: scheduler fo is not modelled" },
    { of: "direct routing",       lines: web("-s rr", "-r 10.244.1.5:80 -g -w 1"),        packet: DIALLED, outcome: "unknown ipvsadm.txt:2: direct real servers are not modelled" },
    { of: "tunnelling",           lines: web("-s rr", "-r 10.244.1.5:80 -i -w 1"),        packet: DIALLED, outcome: "unknown ipvsadm.txt:2: tunnel real servers are not modelled" },
    { of: "a host without IPVS",  lines: [],                                              packet: DIALLED, outcome: `delivered-locally tcp ${CLIENT} > ${VIP}:80` },
  ])("$of: $outcome", ({ lines, packet, outcome: expected }) => {
    const [trace] = traverse(ipvsNode(lines), packet);
    expect(trace && outcome(trace)).toBe(expected);
  });
});

describe("a virtual server is found", () => {
  const MARK = "*mangle\n-A PREROUTING -p tcp -j MARK --set-xmark 0x7/0xffffffff\nCOMMIT\n";
  const mark = ["-A -f 7 -s rr", "-a -f 7 -r 10.244.1.9 -m -w 1"];
  const any = [`-A -t ${VIP}:0 -s rr -p 60`, `-a -t ${VIP}:0 -r 10.244.1.7 -m -w 1`];

  // oxfmt-ignore
  test.each([
    { how: "by its port",          lines: [...any, ...ONE],            rules: "",   to: "10.244.1.5:8080" },
    { how: "by its address alone", lines: any,                         rules: "",   to: "10.244.1.7:80" },
    { how: "by a mark first",      lines: [...any, ...ONE, ...mark],   rules: MARK, to: "10.244.1.9:80" },
    { how: "not by mark 0",        lines: ["-A -f 0 -s rr", ...any],   rules: "",   to: "10.244.1.7:80" },
  ])("$how", ({ lines, rules, to }) => {
    const [trace] = traverse(ipvsNode(lines, {}, rules), DIALLED);
    expect(trace && outcome(trace)).toBe(`forwarded tcp ${CLIENT} > ${to}`);
  });
});

const conntrack = (value: string): Partial<NodeState> => ({
  sysctls: readSysctls(`net.ipv4.ip_forward = 1\nnet.ipv4.vs.conntrack = ${value}`),
});

describe("conntrack", () => {
  const MASQUERADE = "*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT";

  test("lets POSTROUTING masquerade what IPVS sends", () => {
    const [trace] = traverse(ipvsNode(ONE, conntrack("1"), MASQUERADE), DIALLED);
    expect(trace && outcome(trace)).toBe("forwarded tcp 10.244.1.1:40000 > 10.244.1.5:8080");
  });

  test("does not where net.ipv4.vs.conntrack is 0", () => {
    const [trace] = traverse(ipvsNode(ONE, conntrack("0"), MASQUERADE), DIALLED);
    expect(trace && outcome(trace)).toBe(`forwarded tcp ${CLIENT} > 10.244.1.5:8080`);
    expect(trace?.entry).toBeUndefined();
  });

  test("is taken to be on where nobody says", () => {
    const sysctls = readSysctls("net.ipv4.ip_forward = 1");
    const [trace] = traverse(ipvsNode(ONE, { sysctls }, MASQUERADE), DIALLED);
    expect(trace?.assumptions).toEqual(["net.ipv4.vs.conntrack is 1, as kube-proxy sets it"]);
    expect(trace?.final.source.address).toBe("10.244.1.1");
  });

  test("does not call it DNAT, which nat did not do", () => {
    const rules = "*filter\n-A OUTPUT -m conntrack --ctstate DNAT -j DROP\nCOMMIT";
    expect(traverse(ipvsNode(ONE, {}, rules), DIALLED)[0]?.disposition).toBe("forwarded");
  });
});

/** Every way of the answer to each way of the packet. */
function answers(node: NodeState, packet: PacketInput): readonly string[] {
  return traverse(node, packet).flatMap((trace) => {
    const reply = replyTo(trace);
    return reply === undefined ? [] : traverse(node, reply).map(outcome);
  });
}

describe("an answer", () => {
  const MASQUERADE = "*nat\n-A POSTROUTING -o cni0 -j MASQUERADE --random-fully\nCOMMIT";

  // oxfmt-ignore
  test.each([
    { of: "a client's",            packet: DIALLED,                              rules: "",         answer: `forwarded tcp ${VIP}:80 > ${CLIENT}` },
    { of: "a masqueraded one's",   packet: DIALLED,                              rules: MASQUERADE, answer: `forwarded tcp ${VIP}:80 > ${CLIENT}` },
    { of: "a process's",           packet: sent(`tcp ${VIP}:40000 > ${VIP}:80`), rules: MASQUERADE, answer: `delivered-locally tcp ${VIP}:80 > ${VIP}:40000` },
  ])("to $of packet gets the virtual server's address back", ({ packet, rules, answer }) => {
    expect(answers(ipvsNode(ONE, {}, rules), packet)).toEqual([answer]);
  });

  test("keeps the real server's until FORWARD is passed", () => {
    const node = ipvsNode(ONE, {}, "*filter\n-A FORWARD -j LOG\nCOMMIT");
    const [trace] = traverse(node, DIALLED);
    const reply = trace && replyTo(trace);
    const [back] = reply ? traverse(node, reply) : [];
    const seen = back?.steps.flatMap((step) =>
      step.kind === "routing" || step.kind === "policy"
        ? []
        : `${stepText(step)} ${formatPredictedTuple(step.after)}`,
    );
    expect(seen).toEqual([
      `forward filter tcp 10.244.1.5:8080 > ${CLIENT}`,
      `forward ipvs tcp ${VIP}:80 > ${CLIENT}`,
    ]);
  });

  test("that is an ICMP error is translated with the connection", () => {
    const node = ipvsNode(ONE);
    const errors = traverse(node, DIALLED).flatMap(({ entry }) => {
      if (entry === undefined) return [];
      const tracking = { state: "related", direction: "reply", entry } as const;
      const unreachable = tuple("icmp 10.244.1.5:0 > 203.0.113.7:0");
      const icmp = { type: 3, code: 3 };
      const arrival = { from: "interface", name: "cni0" } as const;
      return traverse(node, { tuple: unreachable, arrival, tracking, icmp }).map(outcome);
    });
    expect(errors).toEqual([`forwarded icmp ${VIP} > 203.0.113.7`]);
  });

  test("and what follows the first packet goes to the same real server", () => {
    const real = ["-r 10.244.1.5:80 -m -w 1", "-r 10.244.1.6:80 -m -w 1"];
    const node = ipvsNode(web("-s rr", ...real));
    const later = traverse(node, DIALLED).flatMap(({ entry }) => {
      if (entry === undefined) return [];
      const tracking = { state: "established", direction: "original", entry } as const;
      return traverse(node, { ...DIALLED, tracking, tcpFlags: ["ACK"] }).map(outcome);
    });
    expect(later).toEqual([
      `forwarded tcp ${CLIENT} > 10.244.1.5:80`,
      `forwarded tcp ${CLIENT} > 10.244.1.6:80`,
    ]);
  });
});
