/**
 * kube-proxy's rules where its own flows do not go: IPv6, both families, many endpoints, what it was
 * not told. What they say was read from k8s v1.28.7 pkg/proxy; iptables-nft 1.8.9 prints each back as
 * it stands here.
 */
import { describe, expect, test } from "vitest";
import type { KubeProxy, Service } from "#cluster/service.js";
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { kubeProxyLimit } from "#expected/rulesets/kube-proxy-limit.js";
import { endpointChain, portChains } from "#expected/rulesets/kube-proxy-names.js";
import { kubeProxyRules } from "#expected/rulesets/kube-proxy.js";
import { parsePrefix, type Prefix } from "#net/prefix.js";
import { madeEndpoint, madeProxy, madeService } from "../../support/kube-proxy-services.js";
import { madeNode, NODE, NODE6, tuple } from "../../support/netfilter.js";

interface Asked {
  readonly family?: "ipv4" | "ipv6";
  readonly service?: Partial<Service>;
  readonly proxy?: Partial<KubeProxy>;
  readonly clusterCIDR?: Prefix | undefined;
}

const prefixes = (...texts: readonly string[]): readonly Prefix[] =>
  texts.flatMap((text) => parsePrefix(text) ?? []);

const CIDR = { ipv4: prefixes("10.244.0.0/16")[0], ipv6: prefixes("2001:db8::/32")[0] };

function written({ family = "ipv4", service = {}, proxy = {}, ...more }: Asked): string {
  const rules = kubeProxyRules({
    family,
    node: { name: "node1", addresses: [NODE, "10.244.1.1", NODE6, "2001:db8:1::1"] },
    services: [madeService(service)],
    kubeProxy: madeProxy(proxy),
    clusterCIDR: "clusterCIDR" in more ? more.clusterCIDR : CIDR[family],
  });
  return iptablesSaveText([rules]);
}

/** Rules of the chains whose names begin so, without the chains' names. */
function rulesIn(chain: string, text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith(`-A ${chain}`))
    .map((line) => line.replace(/^-A \S+ /, ""));
}

const PORT6 = {
  name: "http",
  protocol: "tcp",
  port: 80,
  targetPort: 8080,
  nodePort: 30_080,
} as const;

const DUAL: Partial<Service> = {
  clusterIPs: ["10.96.0.50", "fd00::50"],
  ports: [PORT6],
  externalIPs: ["203.0.113.9", "2001:db8:9::9"],
  loadBalancerIPs: ["2001:db8:9::10"],
  loadBalancerSourceRanges: prefixes("198.51.100.0/24", "2001:db8::/64"),
  externalTrafficPolicy: "Local",
  sessionAffinitySeconds: 3600,
  endpoints: [
    madeEndpoint("2001:db8:1::9", { node: "node2" }),
    madeEndpoint("2001:db8:1::2"),
    madeEndpoint("10.244.1.2"),
  ],
};

describe("in IPv6", () => {
  const text = written({ family: "ipv6", service: DUAL });
  const chains = portChains({ name: "default/web:http", protocol: "tcp" });
  const [near, far] = ["[2001:db8:1::2]:8080", "[2001:db8:1::9]:8080"].map((endpoint) =>
    endpointChain({ name: "default/web:http", protocol: "tcp" }, endpoint),
  );
  const mask = "--mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource";

  // oxfmt-ignore
  test.each([
    ["KUBE-SERVICES", [
      `-d fd00::50/128 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j ${chains.cluster}`,
      `-d 2001:db8:9::9/128 -p tcp -m comment --comment "default/web:http external IP" -m tcp --dport 80 -j ${chains.external}`,
      `-d 2001:db8:9::10/128 -p tcp -m comment --comment "default/web:http loadbalancer IP" -m tcp --dport 80 -j ${chains.firewall}`,
      '! -d ::1/128 -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
    ]],
    [chains.cluster, [
      '! -s 2001:db8::/32 -d fd00::50/128 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
      `-m comment --comment "default/web:http -> [2001:db8:1::2]:8080" -m recent --rcheck --seconds 3600 --reap --name ${near} ${mask} -j ${near}`,
      `-m comment --comment "default/web:http -> [2001:db8:1::9]:8080" -m recent --rcheck --seconds 3600 --reap --name ${far} ${mask} -j ${far}`,
      `-m comment --comment "default/web:http -> [2001:db8:1::2]:8080" -m statistic --mode random --probability 0.50000000000 -j ${near}`,
      `-m comment --comment "default/web:http -> [2001:db8:1::9]:8080" -j ${far}`,
    ]],
    [chains.local, [
      `-m comment --comment "default/web:http -> [2001:db8:1::2]:8080" -m recent --rcheck --seconds 3600 --reap --name ${near} ${mask} -j ${near}`,
      `-m comment --comment "default/web:http -> [2001:db8:1::2]:8080" -j ${near}`,
    ]],
    [chains.firewall, [
      `-s 2001:db8::/64 -m comment --comment "default/web:http loadbalancer IP" -j ${chains.external}`,
      // The node's own address is in the range.
      `-s 2001:db8:9::10/128 -m comment --comment "default/web:http loadbalancer IP" -j ${chains.external}`,
      '-m comment --comment "other traffic to default/web:http will be dropped by KUBE-PROXY-FIREWALL"',
    ]],
    [String(near), [
      '-s 2001:db8:1::2/128 -m comment --comment "default/web:http" -j KUBE-MARK-MASQ',
      `-p tcp -m comment --comment "default/web:http" -m recent --set --name ${near} ${mask} -m tcp -j DNAT --to-destination [2001:db8:1::2]:8080`,
    ]],
    ["KUBE-PROXY-FIREWALL", [
      `-d 2001:db8:9::10/128 -p tcp -m comment --comment "default/web:http traffic not accepted by ${chains.firewall}" -m tcp --dport 80 -j DROP`,
    ]],
    // Node ports never work on ::1, and route_localnet is not there to be shut out.
    ["KUBE-FIREWALL", []],
  ] as const)("%s", (chain, rules) => {
    expect(rulesIn(chain, text)).toEqual(rules);
  });

  // oxfmt-ignore
  test.each([
    ["2001:db8:7::7", "[fd00::50]:80",         ["tcp [2001:db8:7::7]:40000 > [2001:db8:1::2]:8080", "tcp [2001:db8:7::7]:40000 > [2001:db8:1::9]:8080"]],
    ["2001:db8:7::7", "[2001:db8:9::9]:80",    ["tcp [2001:db8:7::7]:40000 > [2001:db8:1::2]:8080", "tcp [2001:db8:7::7]:40000 > [2001:db8:1::9]:8080"]],
    ["fd77::7",       "[fd00::50]:80",         ["tcp [2001:db8:1::1]:* > [2001:db8:1::2]:8080", "tcp [2001:db8:1::1]:* > [2001:db8:1::9]:8080"]],
    ["fd77::7",       "[2001:db8:9::9]:80",    ["tcp [fd77::7]:40000 > [2001:db8:1::2]:8080"]],
    ["fd77::7",       `[${NODE6}]:30080`,      ["tcp [fd77::7]:40000 > [2001:db8:1::2]:8080"]],
    ["fd77::7",       "[2001:db8:9::10]:80",   ["dropped"]],
    ["2001:db8::77",  "[2001:db8:9::10]:80",   ["tcp [2001:db8::77]:40000 > [2001:db8:1::2]:8080", "tcp [2001:db8::77]:40000 > [2001:db8:1::9]:8080"]],
  ])("%s to %s", (client, to, outcomes) => {
    const arrival = { from: "interface", name: "eth0" } as const;
    const sent = tuple(`tcp [${client}]:40000 > ${to}`);
    const traces = traverse(madeNode(text), { tuple: sent, arrival });
    expect(
      traces.map(({ disposition, final }) =>
        disposition === "forwarded" ? formatPredictedTuple(final) : disposition,
      ),
    ).toEqual(outcomes);
  });

  test("a Service without endpoints is refused in its own words", () => {
    const service = { ...DUAL, endpoints: [madeEndpoint("10.244.1.2")] };
    const [rule] = rulesIn("KUBE-EXTERNAL-SERVICES", written({ family: "ipv6", service }));
    expect(rule).toBe(
      '-d 2001:db8:9::9/128 -p tcp -m comment --comment "default/web:http has no endpoints" ' +
        "-m tcp --dport 80 -j REJECT --reject-with icmp6-port-unreachable",
    );
  });

  test("a Service without an address of the family has no rules", () => {
    const text = written({ family: "ipv6", service: { ...DUAL, clusterIPs: ["10.96.0.50"] } });
    expect(text).not.toContain("default/web");
  });
});

describe("a choice among", () => {
  // oxfmt-ignore
  test.each([
    [1, []],
    [2, ["0.50000000000"]],
    [3, ["0.33333333349", "0.50000000000"]],
    [7, ["0.14285714272", "0.16666666651", "0.20000000019", "0.25000000000", "0.33333333349", "0.50000000000"]],
  ])("%d endpoints", (count, chances) => {
    const endpoints = Array.from({ length: count }, (_, at) => madeEndpoint(`10.244.1.${at + 2}`));
    const rules = rulesIn("KUBE-SVC-", written({ service: { endpoints } }));
    expect(rules.flatMap((rule) => /--probability (\S+)/.exec(rule)?.[1] ?? [])).toEqual(chances);
  });

  test("more than 1000 leaves out the comments of the chains to them", () => {
    const endpoints = Array.from({ length: 1001 }, (_, at) =>
      madeEndpoint(`10.244.${at >> 8}.${at & 255}`),
    );
    const all = written({ service: { endpoints } });
    const fewer = written({ service: { endpoints: endpoints.slice(1) } });
    expect(rulesIn("KUBE-SEP-", all).join()).not.toContain("comment");
    expect(rulesIn("KUBE-SEP-", fewer)[0]).toContain('--comment "default/web"');
  });
});

describe("what it was told", () => {
  const endpoints = [madeEndpoint("10.244.1.2")];
  const markRule = (asked: Asked): string | undefined =>
    rulesIn("KUBE-SVC-", written({ service: { endpoints }, ...asked })).find((rule) =>
      rule.includes("MASQ"),
    );
  const toVip =
    '-d 10.96.0.50/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80';

  // oxfmt-ignore
  test.each([
    ["a cluster CIDR",                  {},                                       `! -s 10.244.0.0/16 ${toVip} -j KUBE-MARK-MASQ`],
    ["a cluster CIDR of the other family", { clusterCIDR: CIDR.ipv6 },            undefined],
    ["no cluster CIDR",                 { clusterCIDR: undefined },               undefined],
    ["not to tell the cluster's own",   { proxy: { localDetector: "none" } },     undefined],
    ["to masquerade all",               { proxy: { masqueradeAll: true } },       `${toVip} -j KUBE-MARK-MASQ`],
    ["to masquerade all, and no CIDR",  { proxy: { masqueradeAll: true }, clusterCIDR: undefined }, `${toVip} -j KUBE-MARK-MASQ`],
  ] as const)("%s: who is masqueraded on the way to the cluster IP", (_, asked, rule) => {
    expect(markRule(asked)).toBe(rule);
  });

  const says =
    '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain"';

  // oxfmt-ignore
  test.each([
    ["nothing",             {},                                                              [`${says} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`]],
    ["all addresses",       { nodePortAddresses: prefixes("192.0.2.0/24", "0.0.0.0/0") },    [`${says} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`]],
    ["none on localhost",   { localhostNodePorts: false },                                   [`! -d 127.0.0.0/8 ${says} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`]],
    ["one block",           { nodePortAddresses: prefixes("192.0.2.0/24") },                 [`-d ${NODE}/32 ${says} -j KUBE-NODEPORTS`]],
    ["localhost's block",   { nodePortAddresses: prefixes("127.0.0.0/8", "10.0.0.0/8") },    [`-d 127.0.0.1/32 ${says} -j KUBE-NODEPORTS`, `-d 10.244.1.1/32 ${says} -j KUBE-NODEPORTS`]],
    ["localhost's block, but none there", { nodePortAddresses: prefixes("127.0.0.0/8"), localhostNodePorts: false }, []],
    ["a block of IPv6",     { nodePortAddresses: prefixes("2001:db8::/64") },                [`${says} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`]],
  ])("of node ports' addresses: %s", (_, proxy, rules) => {
    expect(rulesIn("KUBE-SERVICES", written({ proxy })).filter((rule) => rule.includes("NODEPORTS"))).toEqual(rules);
  });

  test.each([
    [true, "-j MASQUERADE --random-fully"],
    [false, "-j MASQUERADE"],
  ])("random-fully %s", (randomFully, target) => {
    expect(rulesIn("KUBE-POSTROUTING", written({ proxy: { randomFully } })).at(-1)).toBe(
      `-m comment --comment "kubernetes service traffic requiring SNAT" ${target}`,
    );
  });
});

test("endpoints come sorted as text, each once, and of two alike the node's own counts", () => {
  const endpoints = [
    madeEndpoint("10.244.1.9"),
    madeEndpoint("10.244.1.10", { node: "node2" }),
    madeEndpoint("10.244.1.10"),
    madeEndpoint("10.244.1.9", { node: "node2", port: 9090 }),
  ];
  const text = written({ service: { endpoints, internalTrafficPolicy: "Local" } });
  const chosen = rulesIn("KUBE-SVL-", text).flatMap((rule) => / -> ([^"]+)/.exec(rule)?.[1] ?? []);
  expect(chosen).toEqual(["10.244.1.10:8080", "10.244.1.9:8080"]);
});

// oxfmt-ignore
test.each([
  ["iptables",  undefined, undefined],
  ["iptables",  "1.25",    undefined],
  ["iptables",  "v1.34.2", undefined],
  ["iptables",  "1.24.17", "the rules of kube-proxy in iptables mode before 1.25 are not modelled"],
  ["iptables",  "latest",  "kube-proxy latest is no version"],
  ["userspace", undefined, undefined],
  ["userspace", "1.20",    undefined],
  ["userspace", "1.26",    "kube-proxy has no userspace mode after 1.25"],
  ["ipvs",      "1.25",    "the rules of kube-proxy in ipvs mode before 1.26 are not modelled"],
  ["ipvs",      "1.26",    undefined],
] as const)("%s mode of %s: %s", (mode, version, limit) => {
  expect(kubeProxyLimit(madeProxy({ mode, version }))).toBe(limit);
});
