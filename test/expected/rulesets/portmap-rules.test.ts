/** portmap's rules: as the real plugin wrote them in the recorded cases, and what they do, by version. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTopology } from "#cluster/topology-file.js";
import type { HostPort } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { flannelRules } from "#expected/rulesets/flannel-rules.js";
import { iptablesSaveText, type InstalledRules } from "#expected/rulesets/installed-rules.js";
import {
  PORTMAP_DEFAULTS,
  portmapRules,
  type PortmapEntry,
  type PortmapOptions,
} from "#expected/rulesets/portmap-rules.js";
import {
  installedLines,
  linesByChain,
  outcomeOf,
  type Flow,
} from "../../support/installed-rules.js";
import { madeNode, NODE, NODE6 } from "../../support/netfilter.js";

describe("of a recorded case", () => {
  test.each([
    "hostport-external",
    "hostport-hostip",
    "hostport-udp",
    "hostport-hairpin",
    "hostport-localhost",
    "hostport-other-node",
    "hostport-own-address",
    "hostport-pod-other-node",
    "hostport-pod-same-node",
    "pod-to-pod-other-node",
    "service-beside-hostport",
  ])("%s: line by line what portmap and flannel wrote", (folder) => {
    const recorded = readFileSync(`captures/${folder}/node1.iptables-save.txt`, "utf8");
    const own = recorded
      .split("\n")
      .filter((line) => !/^\[\d+:\d+\] -A/.test(line) || /CNI-|flanneld/.test(line));
    const written = linesByChain(own.join("\n").replaceAll(/^\[\d+:\d+\] /gm, ""));
    expect(written.size).toBeGreaterThan(0);
    expect(sorted(installedLines(...labRules(folder)))).toEqual(sorted(written));
  });
});

const sorted = (chains: ReadonlyMap<string, readonly string[]>) =>
  [...chains].sort(([a], [b]) => (a < b ? -1 : 1));

/** What the lab's own topology says node1 was given. */
function labRules(folder: string): readonly InstalledRules[] {
  const file = `captures/${folder}/topology.yaml`;
  const {
    nodes,
    pods,
    portmap = "",
    clusterCIDR,
  } = readTopology({
    file,
    text: readFileSync(file, "utf8"),
  });
  const podCIDR = nodes.find(({ name }) => name === "node1")?.podCIDR;
  if (podCIDR === undefined || clusterCIDR === undefined) throw new Error(`${file}: no CIDRs`);
  const entries = pods.flatMap(({ name, node, address, hostPorts }): readonly PortmapEntry[] => {
    if (node !== "node1") return [];
    const id = createHash("sha256").update(`pcapcheck lab ${name}\n`).digest("hex");
    const { length: prefixLength } = podCIDR;
    return [{ name: id, networkName: "cbr0", address, prefixLength, mappings: hostPorts }];
  });
  const options = PORTMAP_DEFAULTS;
  return [
    portmapRules({ family: "ipv4", version: portmap, entries, options }),
    flannelRules({ family: "ipv4", podCIDR, clusterCIDR, randomFully: true }),
  ];
}

const CLIENT = "203.0.113.7:40000";
const NODE_B = "192.0.2.20:40000";
const WEB = "10.244.1.5";
const OTHER = "10.244.1.6:40000";
const BRIDGE = "10.244.1.1:40000";

const mapping = (more: Partial<HostPort> = {}): HostPort => ({
  hostPort: 9000,
  containerPort: 8080,
  protocol: "tcp",
  hostIP: undefined,
  ...more,
});
const entry = (more: Partial<PortmapEntry> = {}): PortmapEntry => ({
  name: "web",
  networkName: "cbr0",
  address: WEB,
  prefixLength: 24,
  mappings: [mapping()],
  ...more,
});
const written = (
  version: string,
  entries: readonly PortmapEntry[] = [entry()],
  options: Partial<PortmapOptions> = {},
): InstalledRules =>
  portmapRules({ family: "ipv4", version, entries, options: { ...PORTMAP_DEFAULTS, ...options } });

const FLANNEL = flannelRules({
  family: "ipv4",
  podCIDR: { address: "10.244.1.0", length: 24 },
  clusterCIDR: { address: "10.244.0.0", length: 16 },
  randomFully: true,
});
const nodeWith = (...programs: readonly InstalledRules[]): NodeState =>
  madeNode(iptablesSaveText(programs));

const VERSIONS = [
  "0.6.0",
  "0.7.0",
  "0.7.4",
  "0.7.5",
  "0.8.3",
  "0.8.5",
  "0.8.6",
  "0.8.7",
  "1.1.1",
  "1.9.1",
];
const since = (from: string): ((version: string) => boolean) => {
  const first = VERSIONS.indexOf(from);
  return (version) => VERSIONS.indexOf(version) >= first;
};

const TO_HOST_PORT = { to: `${NODE}:9000` };
interface Row extends Flow {
  readonly path: string;
  /** The source that the pod sees, and in which versions when not in all. */
  readonly sees: string;
  readonly masquerades?: (version: string) => boolean;
}

// oxfmt-ignore
const ROWS: readonly Row[] = [
  { path: "an external client",       from: CLIENT,            ...TO_HOST_PORT,       by: "eth0",    sees: CLIENT },
  { path: "another node's process",   from: NODE_B,            ...TO_HOST_PORT,       by: "eth0",    sees: NODE_B },
  { path: "the node, by its address", from: `${NODE}:40000`,   ...TO_HOST_PORT,       by: "process", sees: `${NODE}:40000` },
  { path: "the node, by 127.0.0.1",   from: "127.0.0.1:40000", to: "127.0.0.1:9000",  by: "process", sees: "127.0.0.1:40000", masquerades: () => true },
  { path: "another pod of the node",  from: OTHER,             ...TO_HOST_PORT,       by: "cni0",    sees: OTHER,            masquerades: since("0.8.6") },
  { path: "the pod itself",           from: `${WEB}:40000`,    ...TO_HOST_PORT,       by: "cni0",    sees: `${WEB}:40000`,   masquerades: since("0.7.0") },
  // Flannel on its own node has given it that node's address.
  { path: "a pod of another node",    from: "192.0.2.20:51234", ...TO_HOST_PORT,      by: "eth0",    sees: "192.0.2.20:51234" },
];

describe.each(VERSIONS)("portmap %s: the pod sees", (version) => {
  test.each(ROWS)("$path", ({ sees, masquerades, ...flow }) => {
    const source = masquerades?.(version) ? BRIDGE : sees;
    const node = nodeWith(written(version), FLANNEL);
    expect(outcomeOf(node, flow)).toBe(`forwarded tcp ${source} > ${WEB}:8080`);
  });
});

test("a pod of another node leaves that node by flannel's masquerade", () => {
  const flow = { from: "10.244.1.9:40000", to: "192.0.2.30:9000", by: "cni0" };
  expect(outcomeOf(nodeWith(written("1.1.1"), FLANNEL), flow)).toBe(
    `forwarded tcp ${NODE}:* > 192.0.2.30:9000`,
  );
});

const undialled = (flow: Flow): string => `delivered-locally tcp ${flow.from} > ${flow.to}`;

describe("options", () => {
  const localhost: Flow = { from: "127.0.0.1:40000", to: "127.0.0.1:9000", by: "process" };
  const external: Flow = { from: CLIENT, ...TO_HOST_PORT, by: "eth0" };
  const hairpin: Flow = { from: `${WEB}:40000`, ...TO_HOST_PORT, by: "cni0" };
  const on = (hostIP: string): readonly PortmapEntry[] => [
    entry({ mappings: [mapping({ hostIP })] }),
  ];
  const kept = `forwarded tcp ${CLIENT} > ${WEB}:8080`;
  const byBridge = `forwarded tcp ${BRIDGE} > ${WEB}:8080`;
  const elsewhere: Flow = { ...external, to: "192.0.2.11:9000" };

  // oxfmt-ignore
  test.each([
    { what: "snat false: an external client",        rules: written("1.1.1", undefined, { snat: false }),   flow: external,  gives: kept },
    { what: "snat false: 127.0.0.1 stays",           rules: written("1.1.1", undefined, { snat: false }),   flow: localhost, gives: `forwarded tcp 127.0.0.1:40000 > ${WEB}:8080` },
    { what: "snat false, 0.6.0: 127.0.0.1 stays",    rules: written("0.6.0", undefined, { snat: false }),   flow: localhost, gives: `forwarded tcp 127.0.0.1:40000 > ${WEB}:8080` },
    { what: "snat false: the pod itself",            rules: written("1.1.1", undefined, { snat: false }),   flow: hairpin,   gives: `forwarded tcp ${WEB}:40000 > ${WEB}:8080` },
    { what: "masqAll: an external client",           rules: written("1.2.0", undefined, { masqAll: true }), flow: external,  gives: `forwarded tcp ${BRIDGE} > ${WEB}:8080` },
    { what: "masqAll: 127.0.0.1",                    rules: written("1.2.0", undefined, { masqAll: true }), flow: localhost, gives: byBridge },
    { what: "masqAll before 1.2.0 is not read",      rules: written("1.1.1", undefined, { masqAll: true }), flow: external,  gives: kept },
    { what: "markMasqBit 31: the pod itself",        rules: written("1.1.1", undefined, { markMasqBit: 31 }), flow: hairpin, gives: byBridge },
    { what: "a routed pod's /32: another pod",       rules: written("1.1.1", [entry({ prefixLength: 32 })]), flow: { ...hairpin, from: OTHER }, gives: `forwarded tcp ${OTHER} > ${WEB}:8080` },
    { what: "hostIP: on that address",               rules: written("1.1.1", on(NODE)),         flow: external,  gives: kept },
    { what: "hostIP: on another address",            rules: written("1.1.1", on(NODE)),         flow: elsewhere, gives: undialled(elsewhere) },
    { what: "hostIP: on 127.0.0.1",                  rules: written("1.1.1", on(NODE)),         flow: localhost, gives: undialled(localhost) },
    { what: "hostIP in 0.6.0: on another address",   rules: written("0.6.0", on(NODE)),         flow: elsewhere, gives: undialled(elsewhere) },
    { what: "hostIP 0.0.0.0 since 0.8.7 is any",     rules: written("0.8.7", on("0.0.0.0")),    flow: elsewhere, gives: `forwarded tcp ${CLIENT} > ${WEB}:8080` },
    { what: "hostIP 0.0.0.0 before is that address", rules: written("0.8.6", on("0.0.0.0")),    flow: external,  gives: undialled(external) },
    { what: "hostIP of the other family is none",    rules: written("1.1.1", on(NODE6)),        flow: external,  gives: undialled(external) },
    { what: "a port of another protocol",            rules: written("1.1.1"),                   flow: { ...external, protocol: "udp" }, gives: `delivered-locally udp ${CLIENT} > ${NODE}:9000` },
  ])("$what", ({ rules, flow, gives }) => {
    expect(outcomeOf(nodeWith(rules), flow)).toBe(gives);
  });

  test("snat false leaves route_localnet off, and 127.0.0.1 gets nowhere", () => {
    const rules = iptablesSaveText([written("1.1.1", undefined, { snat: false })]);
    expect(outcomeOf(madeNode(rules, { sysctls: new Map() }), localhost)).toBe(
      "dropped 127.0.0.1 may not leave by cni0: net.ipv4.conf.cni0.route_localnet is 0",
    );
  });

  test("an external mark chain is jumped to, and none of portmap's own is made", () => {
    const { chains, rules } = written("1.1.1", undefined, {
      externalSetMarkChain: "KUBE-MARK-MASQ",
    });
    expect(chains.map(({ name }) => name)).toEqual([
      "CNI-HOSTPORT-DNAT",
      expect.stringMatching(/^CNI-DN-[0-9a-f]{21}$/),
    ]);
    const marking = rules.filter(({ text }) => text.endsWith("-j KUBE-MARK-MASQ"));
    expect(marking.map(({ text }) => text.slice(0, 18))).toEqual([
      "-s 10.244.1.0/24 -",
      "-s 127.0.0.1/32 -p",
    ]);
  });

  test.each(["", "latest", "0.5.9"])("version %j is refused", (version) => {
    expect(() => written(version)).toThrow(RangeError);
  });
});

describe("two pods ask for one host port", () => {
  const second = entry({ name: "second", address: "10.244.1.8" });
  const external: Flow = { from: CLIENT, ...TO_HOST_PORT, by: "eth0" };

  // oxfmt-ignore
  test.each([
    { version: "0.6.0", gets: "10.244.1.8" },
    { version: "0.7.4", gets: "10.244.1.8" },
    { version: "0.7.5", gets: WEB },
    { version: "1.9.1", gets: WEB },
  ])("$version: $gets gets it", ({ version, gets }) => {
    const node = nodeWith(written(version, [entry(), second]));
    expect(outcomeOf(node, external)).toBe(`forwarded tcp ${CLIENT} > ${gets}:8080`);
  });

  test.each(VERSIONS)("%s: each of several ports goes its own way", (version) => {
    const mappings = Array.from({ length: 17 }, (_, at) =>
      mapping({ hostPort: 9000 + at, containerPort: 8000 + at }),
    );
    const node = nodeWith(written(version, [entry({ mappings })]));
    const ends = [0, 14, 15, 16].map((at) =>
      outcomeOf(node, { ...external, to: `${NODE}:${9000 + at}` }),
    );
    expect(ends).toEqual(
      [0, 14, 15, 16].map((at) => `forwarded tcp ${CLIENT} > ${WEB}:${8000 + at}`),
    );
  });
});

describe("IPv6", () => {
  const pod = "2001:db8:1::5";
  const rules = portmapRules({
    family: "ipv6",
    version: "1.1.1",
    entries: [entry(), entry({ address: pod, prefixLength: 64 })],
    options: PORTMAP_DEFAULTS,
  });
  const client = "[2001:db8:f::7]:40000";
  const to = `[${NODE6}]:9000`;

  // oxfmt-ignore
  test.each([
    { path: "an external client",      flow: { from: client, to, by: "eth0" },                       sees: client },
    { path: "another pod of the node", flow: { from: "[2001:db8:1::6]:40000", to, by: "cni0" },      sees: "[2001:db8:1::1]:40000" },
    { path: "the pod itself",          flow: { from: `[${pod}]:40000`, to, by: "cni0" },             sees: "[2001:db8:1::1]:40000" },
  ])("$path", ({ flow, sees }) => {
    expect(outcomeOf(nodeWith(rules), flow)).toBe(`forwarded tcp ${sees} > [${pod}]:8080`);
  });

  test("there is no rule for ::1, nor any of IPv4", () => {
    const texts = rules.rules.map(({ text }) => text);
    expect(texts.filter((text) => /127\.|::1\/128|10\.244/.test(text))).toEqual([]);
    expect(texts.filter((text) => text.includes("-j DNAT"))).toEqual([
      `-p tcp -m tcp --dport 9000 -j DNAT --to-destination [${pod}]:8080`,
    ]);
  });
});

const lines = (version: string): readonly string[] =>
  written(version, [
    entry({ name: "ID", address: "10.244.1.2", mappings: [mapping({ hostPort: 18_080 })] }),
  ]).rules.map(({ chain, text }) =>
    `-A ${chain} ${text}`.replaceAll(/CNI-(DN|SN)-[0-9a-f]{21}/g, "CNI-$1-x"),
  );

/** As the binaries wrote them for pod 10.244.1.2/24 with hostPort 18080, and CNI-DN- cut short. */
describe("the lines of a version", () => {
  // oxfmt-ignore
  test.each([
    {
      version: "0.6.0",
      has: [
        "-A POSTROUTING -s 127.0.0.1/32 ! -d 127.0.0.1/32 -j CNI-HOSTPORT-SNAT",
        String.raw`-A CNI-HOSTPORT-DNAT -m comment --comment "dnat name: \"cbr0\" id: \"ID\"" -j CNI-DN-x`,
        String.raw`-A CNI-HOSTPORT-SNAT -m comment --comment "snat name: \"cbr0\" id: \"ID\"" -j CNI-SN-x`,
        "-A CNI-DN-x -p tcp -m tcp --dport 18080 -j DNAT --to-destination 10.244.1.2:8080",
        "-A CNI-SN-x -s 127.0.0.1/32 -d 10.244.1.2/32 -p tcp -m tcp --dport 8080 -j MASQUERADE",
      ],
    },
    { version: "0.8.5", has: ["-A CNI-DN-x -s 10.244.1.2/32 -p tcp -m tcp --dport 18080 -j CNI-HOSTPORT-SETMARK"] },
    { version: "0.8.6", has: ["-A CNI-DN-x -s 10.244.1.0/24 -p tcp -m tcp --dport 18080 -j CNI-HOSTPORT-SETMARK"] },
  ])("$version", ({ version, has }) => {
    expect(lines(version)).toEqual(expect.arrayContaining(has));
  });
});
