/**
 * Rules that are none, are written as nobody writes them, or would keep a reader busy for ever: each
 * is read, or refused with its line, and in bounded time. Time is bounded by counting rules.
 */
import { describe, expect, test } from "vitest";
import type { Chain, Rule, Ruleset } from "#expected/netfilter/rule.js";
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { kubeProxyRules } from "#expected/rulesets/kube-proxy.js";
import { madeEndpoint, madeProxy, madeService } from "../../support/kube-proxy-services.js";
import { madeNode, NODE, tuple } from "../../support/netfilter.js";

const CLIENT = "198.51.100.7";

/** A packet for the node's port 80, by eth0. */
function walk(rules: Ruleset, packet = `tcp ${CLIENT}:40000 > ${NODE}:80`): readonly Trace[] {
  const arrival = { from: "interface", name: "eth0" } as const;
  return traverse(madeNode("", { rules }), { tuple: tuple(packet), arrival });
}

function read(...lines: readonly string[]): Ruleset {
  return readIptablesSave({ file: "rules.txt", text: lines.join("\n") });
}

/** What becomes of the packet; of a refusal the line too. */
function told({ disposition, reason, rule }: Trace): string {
  const place = disposition === "unknown" ? ` at line ${rule?.line}: ${reason}` : "";
  return `${disposition}${place}`;
}

const PASSES = "delivered-locally";

describe("a rule", () => {
  // The packet's port is 80 and its protocol tcp.
  // oxfmt-ignore
  test.each([
    ["-p tcp -m tcp ! --dport 80 -j DROP",         PASSES],
    ["-p tcp -m tcp ! --dport 81 -j DROP",         "dropped"],
    ["-p tcp -m tcp --dport ! 80 -j DROP",         PASSES],
    ["-p tcp -m tcp --dport ! 81 -j DROP",         "dropped"],
    ["-p tcp ! --destination-port 81 -j DROP",     "dropped"],
    // iptables knows no such option: nothing is guessed.
    ["-p tcp -m tcp !--dport 80 -j DROP",          "unknown at line 3: -m tcp !--dport 80 is not modelled"],
    ["-p tcp !--dport 80 -j DROP",                 "unknown at line 3: -p tcp !--dport 80 is not modelled"],
    ["-p tcp -m tcp --dport !80 -j DROP",          "unknown at line 3: -m tcp --dport !80 is not modelled"],
    ["-p tcp -m tcp ! --dport ! 80 -j DROP",       "unknown at line 3: -m tcp ! --dport ! 80 is not modelled"],
    ["-p tcp -m comment --comment a !--dport 80 -j DROP", "unknown at line 3: -m comment --comment a !--dport 80 is not modelled"],
    ["-p all !--dport 80 -j DROP",                 "unknown at line 3: -p all !--dport 80 is not modelled"],
    ["-c 1 2 !--dport 80 -j DROP",                 "unknown at line 3: -c 1 2 !--dport 80 is not modelled"],
    ["! -m tcp -p tcp --dport 80 -j DROP",         "unknown at line 3: -m tcp is not modelled"],
    ["-p tcp -m tcp --dport 80 81 -j DROP",        "unknown at line 3: -m tcp --dport 80 81 is not modelled"],
    ["-p tcp -m tcp --dport -j DROP",              "unknown at line 3: -m tcp --dport is not modelled"],
    ["-p tcp -m tcp --dport 80000 -j DROP",        "unknown at line 3: -m tcp --dport 80000 is not modelled"],
    ["-p tcp -m tcp --dport http -j DROP",         "unknown at line 3: -m tcp --dport http is not modelled"],
    ["-p tcp -m tcp --dport 80 [unsupported revision] -j DROP", "unknown at line 3: -m tcp --dport 80 [unsupported revision] is not modelled"],
    ["-m addrtype --dst-type LOCAL !--src-type LOCAL -j DROP", "unknown at line 3: -m addrtype --dst-type LOCAL !--src-type LOCAL is not modelled"],
    ["-m hashlimit --hashlimit-above 1/sec --hashlimit-name x -j DROP", "unknown at line 3: -m hashlimit --hashlimit-above 1/sec is not modelled"],
    // What another option says no to, a limit does not change.
    ["-p udp -m hashlimit --hashlimit-above 1/sec --hashlimit-name x -j DROP", PASSES],
    ["-j TPROXY --on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1", "unknown at line 3: target TPROXY --on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1 is not modelled"],
    ["-p udp -j TPROXY --on-port 15001",           PASSES],
    ["-j NOWHERE",                                 "unknown at line 3: target NOWHERE is not modelled"],
    ["-g NOWHERE",                                 "unknown at line 3: chain NOWHERE is not in the file"],
    ["-p udp -j NOWHERE",                          PASSES],
    ["! -j DROP",                                  "unknown at line 3: target DROP is not modelled"],
    ["-j DROP now",                                "unknown at line 3: target DROP now is not modelled"],
    ["-j DROP -j ACCEPT",                          "unknown at line 3: target DROP -j ACCEPT is not modelled"],
    ["-p udp -j",                                  PASSES],
    ["-j",                                         "unknown at line 3: target  is not modelled"],
    ["-m nfacct --nfacct-name ct_state_invalid_dropped_pkts -j DROP", "dropped"],
    ["-m nfacct --nfacct-name  mine -j DROP",      "unknown at line 3: -m nfacct --nfacct-name mine is not modelled"],
    ["what -j DROP",                               "unknown at line 3: what is not modelled"],
  ])("%s: %s", (text, outcome) => {
    const [trace, more] = walk(read("*filter", ":INPUT ACCEPT [0:0]", `-A INPUT ${text}`, "COMMIT"));
    expect(trace && told(trace)).toBe(outcome);
    expect(more).toBeUndefined();
  });
});

describe("a ruleset", () => {
  test.each([
    ["-m addrtype --dst-type LOCAL ".repeat(100_000), "behind 400004 words"],
    [`-p tcp -m multiport --dports ${"1,".repeat(10_000)}80 `, "behind a word of 20002 characters"],
  ])("of a line that is too long for iptables refuses that line", (text, why) => {
    const rules = read("*filter", ":INPUT ACCEPT [0:0]", `-A INPUT ${text}-j DROP`, "COMMIT");
    expect(walk(rules).map(told)).toEqual([`unknown at line 3: target ${why} is not modelled`]);
  });

  // oxfmt-ignore
  test.each([
    ["a chain that calls itself",       [["A", "-j A"]],                      "unknown at line 4: chains nest deeper than 64"],
    ["two chains that call each other", [["A", "-j B"], ["B", "-j A"]],       "unknown at line 5: chains nest deeper than 64"],
    ["chains that go to each other",    [["A", "-g B"], ["B", "-g A"]],       "unknown at line 5: chains nest deeper than 64"],
    ["a loop that the packet is not in", [["A", "-p udp -j A"]],              PASSES],
  ] as const)("of %s", (_, chains, outcome) => {
    const rules = read(
      "*filter",
      ":INPUT ACCEPT [0:0]",
      "-A INPUT -j A",
      ...chains.map(([name, text]) => `-A ${name} ${text}`),
      ...chains.map(([name]) => `:${name} - [0:0]`),
      "COMMIT",
    );
    expect(walk(rules).map(told)).toEqual([outcome]);
  });

  test.each([
    ["", 1_000_000],
    // Every rule doubles the number of ways, too.
    ["-m statistic --mode random --probability 0.5 ", 6_000_000],
  ])("of chains that call each the next one twice %s", (match, bound) => {
    const names = Array.from({ length: 60 }, (_, at) => `C${at}`);
    const text = [
      "*filter",
      ...names.map((name) => `:${name} - [0:0]`),
      "-A INPUT -j C0",
      ...names.slice(1).flatMap((name, at) => Array(2).fill(`-A C${at} ${match}-j ${name}`)),
      "COMMIT",
    ];
    const { rules, tried } = counted(read(...text));
    const traces = walk(rules);
    expect(traces.some(({ disposition }) => disposition === "unknown")).toBe(true);
    expect(traces.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1);
    expect(tried()).toBeGreaterThan(100);
    expect(tried()).toBeLessThanOrEqual(bound + 1_000_000);
    for (const { steps } of traces) expect(steps.length).toBeLessThan(MAX_STEPS);
  });

  // A rule or two for each Service is what the kernel, too, holds every first packet against.
  test("of 10,000 Services is written, read and walked through", { timeout: 60_000 }, () => {
    const { rules, tried } = counted(manyServices());
    const sees = (packet: string): readonly string[] =>
      walk(rules, packet).map(({ final }) => formatPredictedTuple(final));
    expect(sees(`tcp ${CLIENT}:40000 > 10.96.39.15:80`)).toEqual([
      "tcp 10.244.1.1:* > 10.244.1.39:8080",
      "tcp 192.0.2.10:* > 10.244.2.39:8080",
    ]);
    const entries = 10_000 + 1;
    expect(tried()).toBeLessThan(2 * (entries + 30));
    expect(sees(`tcp ${CLIENT}:40000 > ${NODE}:39999`)).toHaveLength(2);
    expect(sees(`tcp ${CLIENT}:40000 > 10.244.1.9:8080`)).toEqual([
      `tcp ${CLIENT}:40000 > 10.244.1.9:8080`,
    ]);
    expect(tried()).toBeLessThan(5 * 2 * (entries + 30));
  });
});

function manyServices(): Ruleset {
  const services = Array.from({ length: 10_000 }, (_, at) =>
    madeService({
      name: `default/web-${at}`,
      clusterIPs: [`10.96.${at >> 8}.${at & 255}`],
      ports: [{ name: "http", protocol: "tcp", port: 80, targetPort: 8080, nodePort: 30_000 + at }],
      endpoints: ["node1", "node2"].map((node, index) =>
        madeEndpoint(`10.244.${index + 1}.${at >> 8}`, { node }),
      ),
    }),
  );
  const generated = kubeProxyRules({
    family: "ipv4",
    node: { name: "node1", addresses: [NODE] },
    services,
    kubeProxy: madeProxy(),
    clusterCIDR: { address: "10.244.0.0", length: 16 },
  });
  expect(generated.rules.length).toBeGreaterThan(110_000);
  return readIptablesSave({ file: "rules.txt", text: iptablesSaveText([generated]) });
}

/** A walk that notes more has met a ruleset that nobody has. */
const MAX_STEPS = 5000;

/** The same rules, which count how many of them were looked at. */
function counted(ruleset: Ruleset): { readonly rules: Ruleset; readonly tried: () => number } {
  let count = 0;
  const watch = (rules: readonly Rule[]): readonly Rule[] =>
    new Proxy(rules, {
      get(target, key) {
        if (typeof key === "string" && /^\d+$/.test(key)) count++;
        return Reflect.get(target, key);
      },
    });
  const tables = [...ruleset.tables].map(([table, chains]) => {
    const watched = [...chains].map(([name, chain]): [string, Chain] => [
      name,
      { ...chain, rules: watch(chain.rules) },
    ]);
    return [table, new Map(watched)] as const;
  });
  return { rules: { ...ruleset, tables: new Map(tables) }, tried: () => count };
}
