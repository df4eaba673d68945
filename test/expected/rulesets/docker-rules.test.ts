/** Docker's rules by version: the lines themselves, and what becomes of every client of a port. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readIpAddr, readIpRoute } from "#cluster/ip-json.js";
import { readSysctls } from "#cluster/sysctl-text.js";
import { readTopology } from "#cluster/topology-file.js";
import type { HostPort } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { dockerRules, type DockerInput } from "#expected/rulesets/docker-rules.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import {
  installedLines,
  linesByChain,
  outcomeOf,
  type Flow,
} from "../../support/installed-rules.js";
import { madeNode, NODE, NODE6 } from "../../support/netfilter.js";

const DOCKER0 = "172.17.0.1";
const DOCKER0_6 = "2001:db8:17::1";
const BACK = "br-0123456789ab";
const WEB = "172.17.0.2";
const WEB6 = "2001:db8:17::2";
const CLIENT = "203.0.113.7:40000";
const CLIENT6 = "[2001:db8:f::7]:40000";

const published = (more: Partial<HostPort> = {}): HostPort => ({
  hostPort: 8080,
  containerPort: 80,
  protocol: "tcp",
  hostIP: undefined,
  ...more,
});

/** web on docker0 publishes a port, another container is on a network of its own. */
function written(more: Partial<DockerInput> = {}, binding: HostPort = published()) {
  return dockerRules({
    family: "ipv4",
    version: undefined,
    userlandProxy: true,
    networks: [
      {
        name: "bridge",
        bridge: "docker0",
        subnet: { address: "172.17.0.0", length: 16 },
        gateway: DOCKER0,
      },
      {
        name: "back",
        bridge: BACK,
        subnet: { address: "172.18.0.0", length: 16 },
        gateway: "172.18.0.1",
      },
      {
        name: "six",
        bridge: "docker0",
        subnet: { address: "2001:db8:17::", length: 64 },
        gateway: DOCKER0_6,
      },
    ],
    containers: [
      { address: WEB, network: "bridge", hostPorts: [binding] },
      { address: "172.18.0.2", network: "back", hostPorts: [] },
      { address: WEB6, network: "six", hostPorts: [binding] },
      { address: NODE, network: undefined, hostPorts: [published({ hostPort: 8081 })] },
    ],
    ...more,
  });
}

/** As `ip -j addr` tells of it. */
const port = (ifname: string, ...addresses: readonly string[]) => ({
  ifname,
  flags: ifname === "lo" ? ["LOOPBACK"] : [],
  linkinfo: { info_kind: ifname === "docker0" || ifname === BACK ? "bridge" : undefined },
  addr_info: addresses.map((text) => {
    const [local = "", prefixlen] = text.split("/");
    return { local, prefixlen: Number(prefixlen), scope: ifname === "lo" ? "host" : "global" };
  }),
});

function dockerNode(rules: ReturnType<typeof written>, sysctls = ""): NodeState {
  return madeNode(iptablesSaveText([rules]), {
    interfaces: readIpAddr({
      file: "addr.json",
      text: JSON.stringify([
        port("lo", "127.0.0.1/8"),
        port("eth0", `${NODE}/24`, `${NODE6}/64`),
        port("docker0", `${DOCKER0}/16`, `${DOCKER0_6}/64`),
        port(BACK, "172.18.0.1/16"),
      ]),
    }),
    routes: readIpRoute({
      file: "routes.json",
      family: "ipv4",
      text: JSON.stringify([
        { dst: "default", gateway: "192.0.2.1", dev: "eth0" },
        { dst: "192.0.2.0/24", dev: "eth0" },
        { dst: "172.17.0.0/16", dev: "docker0" },
        { dst: "172.18.0.0/16", dev: BACK },
        { dst: "2001:db8:17::/64", dev: "docker0" },
        { dst: "::/0", gateway: "2001:db8::1", dev: "eth0" },
      ]),
    }),
    sysctls: readSysctls(`
      net.ipv4.ip_forward = 1
      net.ipv6.conf.all.forwarding = 1
      net.bridge.bridge-nf-call-iptables = 1
      ${sysctls}
    `),
  });
}

/** Docker turns it on without the proxy (drivers/bridge setupLoopbackAddressesRouting). */
const LOCALNET = "net.ipv4.conf.docker0.route_localnet = 1";

const SETTINGS = ["26.1.4", "28.0.4", "29.0.0"].flatMap((version) =>
  [true, false].map((userlandProxy) => ({ version, userlandProxy })),
);
type Setting = (typeof SETTINGS)[number];

interface Row extends Flow {
  readonly path: string;
  readonly gives: (setting: Setting) => string;
}

const DIALLED = `${NODE}:8080`;
const to = (from: string): string => `forwarded tcp ${from} > ${WEB}:80`;
/** docker-proxy listens on the node, and dials on for its client. */
const proxied = (from: string, dialled = DIALLED): string =>
  `delivered-locally tcp ${from} > ${dialled}`;
const byProxy =
  (from: string, otherwise: string, dialled = DIALLED): Row["gives"] =>
  ({ userlandProxy }) =>
    userlandProxy ? proxied(from, dialled) : otherwise;
const before29 = ({ version }: Setting): boolean => !version.startsWith("29");
const before28 = ({ version }: Setting): boolean => version.startsWith("26");
const ISOLATED = "dropped -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP";
const DIRECT = `dropped -A PREROUTING -d ${WEB}/32 ! -i docker0 -j DROP`;
const OTHER = "172.18.0.2:40000";

// oxfmt-ignore
const ROWS: readonly Row[] = [
  { path: "external",                             from: CLIENT,             to: DIALLED,          by: "eth0",    gives: () => to(CLIENT) },
  { path: "the host by its own address",          from: `${NODE}:40000`,    to: DIALLED,          by: "process", gives: ({ userlandProxy }) => to(`${userlandProxy ? NODE : DOCKER0}:40000`) },
  { path: "the host by 127.0.0.1",                from: "127.0.0.1:40000",  to: "127.0.0.1:8080", by: "process", gives: byProxy("127.0.0.1:40000", to(`${DOCKER0}:40000`), "127.0.0.1:8080") },
  { path: "docker-proxy to its container",        from: `${DOCKER0}:51234`, to: `${WEB}:80`,      by: "process", gives: () => to(`${DOCKER0}:51234`) },
  { path: "a container of the bridge",            from: "172.17.0.3:40000", to: DIALLED,          by: "docker0", gives: byProxy("172.17.0.3:40000", to("172.17.0.3:40000")) },
  { path: "the container itself",                 from: `${WEB}:40000`,     to: DIALLED,          by: "docker0", gives: byProxy(`${WEB}:40000`, to(`${DOCKER0}:40000`)) },
  { path: "a container of another bridge",        from: OTHER,              to: DIALLED,          by: BACK,      gives: (setting) => before29(setting) ? byProxy(OTHER, ISOLATED)(setting) : to(`${DOCKER0}:40000`) },
  { path: "a container, by another's address",    from: "172.17.0.3:40000", to: `${WEB}:80`,      by: "docker0", gives: () => to("172.17.0.3:40000") },
  { path: "another bridge, by its address",       from: OTHER,              to: `${WEB}:80`,      by: BACK,      gives: (setting) => before28(setting) ? ISOLATED : DIRECT },
  { path: "external, by the container's address", from: CLIENT,             to: `${WEB}:80`,      by: "eth0",    gives: (setting) => before28(setting) ? to(CLIENT) : DIRECT },
  { path: "a container to the world",             from: `${WEB}:40000`,     to: "203.0.113.7:443", by: "docker0", gives: () => `forwarded tcp ${NODE}:40000 > 203.0.113.7:443` },
  { path: "a container to the host",              from: `${WEB}:40000`,     to: `${NODE}:22`,     by: "docker0", gives: () => `delivered-locally tcp ${WEB}:40000 > ${NODE}:22` },
  { path: "a port that is not published",         from: CLIENT,             to: `${NODE}:8082`,   by: "eth0",    gives: () => `delivered-locally tcp ${CLIENT} > ${NODE}:8082` },
  { path: "the port of a container with --net=host", from: CLIENT,          to: `${NODE}:8081`,   by: "eth0",    gives: () => `delivered-locally tcp ${CLIENT} > ${NODE}:8081` },
];

describe.each(SETTINGS)("Docker $version, userland proxy $userlandProxy", (setting) => {
  test.each(ROWS)("$path", ({ gives, ...flow }) => {
    const node = dockerNode(written(setting), setting.userlandProxy ? "" : LOCALNET);
    expect(outcomeOf(node, flow)).toBe(gives(setting));
  });

  test("IPv6: external, and a container to the world", () => {
    const node = dockerNode(written({ ...setting, family: "ipv6" }));
    const inbound = { from: CLIENT6, to: `[${NODE6}]:8080`, by: "eth0" };
    expect(outcomeOf(node, inbound)).toBe(`forwarded tcp ${CLIENT6} > [${WEB6}]:80`);
    const outbound = { from: `[${WEB6}]:40000`, to: "[2001:db8:f::7]:443", by: "docker0" };
    expect(outcomeOf(node, outbound)).toBe(`forwarded tcp [${NODE6}]:40000 > [2001:db8:f::7]:443`);
  });
});

describe("hostIP", () => {
  const external: Flow = { from: CLIENT, to: DIALLED, by: "eth0" };
  const loopback: Flow = { from: CLIENT, to: "127.0.0.1:8080", by: "eth0" };
  const dropped =
    "dropped -A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8080 -j DROP";

  // oxfmt-ignore
  test.each([
    { hostIP: NODE,        version: "29.0.0", flow: external, gives: to(CLIENT) },
    { hostIP: DOCKER0,     version: "29.0.0", flow: external, gives: proxied(CLIENT) },
    { hostIP: "0.0.0.0",   version: "26.1.4", flow: external, gives: to(CLIENT) },
    { hostIP: NODE6,       version: "29.0.0", flow: external, gives: proxied(CLIENT) },
    // Whoever is on the same link can send to 127.0.0.1; with route_localnet it arrives.
    { hostIP: "127.0.0.1", version: "26.1.4", flow: loopback, gives: to(CLIENT) },
    { hostIP: "127.0.0.1", version: "28.0.4", flow: loopback, gives: dropped },
    { hostIP: "127.0.0.1", version: "29.0.0", flow: loopback, gives: dropped },
  ])("$hostIP in $version, from $flow.from to $flow.to", ({ hostIP, version, flow, gives }) => {
    const rules = written({ version }, published({ hostIP }));
    expect(outcomeOf(dockerNode(rules, "net.ipv4.conf.all.route_localnet = 1"), flow)).toBe(gives);
  });
});

test.each(["", "latest", "17.12", "1.13.1"])("version %j is refused", (version) => {
  expect(() => written({ version })).toThrow(RangeError);
});

const chain = (version: string, name: string, userlandProxy = true): readonly string[] =>
  installedLines(written({ version, userlandProxy }))
    .get(name)
    ?.map((line) => line.replaceAll(BACK, "br")) ?? [];

/** moby integration/network/bridge/iptablesdoc/generated at each version, with these addresses. */
describe("the lines of a version", () => {
  // oxfmt-ignore
  test.each([
    { version: "26.1.4", name: "filter FORWARD", lines: [
      "-A FORWARD -j DOCKER-USER",
      "-A FORWARD -j DOCKER-ISOLATION-STAGE-1",
      "-A FORWARD -o br -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "-A FORWARD -o br -j DOCKER",
      "-A FORWARD -i br ! -o br -j ACCEPT",
      "-A FORWARD -i br -o br -j ACCEPT",
      "-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
      "-A FORWARD -o docker0 -j DOCKER",
      "-A FORWARD -i docker0 ! -o docker0 -j ACCEPT",
      "-A FORWARD -i docker0 -o docker0 -j ACCEPT",
    ] },
    { version: "26.1.4", name: "filter DOCKER-ISOLATION-STAGE-1", lines: [
      "-A DOCKER-ISOLATION-STAGE-1 -i br ! -o br -j DOCKER-ISOLATION-STAGE-2",
      "-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2",
      "-A DOCKER-ISOLATION-STAGE-1 -j RETURN",
    ] },
    { version: "26.1.4", name: "nat POSTROUTING", lines: [
      "-A POSTROUTING -s 172.18.0.0/16 ! -o br -j MASQUERADE",
      "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
      "-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE",
    ] },
    { version: "26.1.4", name: "nat DOCKER", lines: [
      "-A DOCKER -i br -j RETURN",
      "-A DOCKER -i docker0 -j RETURN",
      "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    ] },
    { version: "28.0.4", name: "filter DOCKER-FORWARD", lines: [
      "-A DOCKER-FORWARD -j DOCKER-CT",
      "-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1",
      "-A DOCKER-FORWARD -j DOCKER-BRIDGE",
      "-A DOCKER-FORWARD -i docker0 -j ACCEPT",
      "-A DOCKER-FORWARD -i br -j ACCEPT",
    ] },
    { version: "28.0.4", name: "filter DOCKER-ISOLATION-STAGE-2", lines: [
      "-A DOCKER-ISOLATION-STAGE-2 -o br -j DROP",
      "-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP",
    ] },
    { version: "29.0.0", name: "filter FORWARD", lines: ["-A FORWARD -j DOCKER-USER", "-A FORWARD -j DOCKER-FORWARD"] },
    { version: "29.0.0", name: "filter DOCKER", lines: [
      "-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
      "-A DOCKER ! -i docker0 -o docker0 -j DROP",
      "-A DOCKER ! -i br -o br -j DROP",
    ] },
    { version: "29.0.0", name: "nat DOCKER", lines: [
      "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    ] },
    { version: "29.0.0", name: "nat OUTPUT", lines: ["-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER"] },
  ])("$version: $name", ({ version, name, lines }) => {
    expect(chain(version, name)).toEqual(lines);
  });

  test.each(["26.1.4", "28.0.4", "29.0.0"])("%s without userland proxy: nat", (version) => {
    expect(chain(version, "nat POSTROUTING", false)).toEqual([
      "-A POSTROUTING -o br -m addrtype --src-type LOCAL -j MASQUERADE",
      "-A POSTROUTING -s 172.18.0.0/16 ! -o br -j MASQUERADE",
      "-A POSTROUTING -o docker0 -m addrtype --src-type LOCAL -j MASQUERADE",
      "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
      "-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE",
    ]);
    expect(chain(version, "nat DOCKER", false)).toEqual([
      "-A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    ]);
  });
});

describe("a recorded case", () => {
  test.each(["docker-published", "docker-published-no-proxy"])("%s: the same lines", (folder) => {
    const read = (name: string) => {
      const file = `captures/${folder}/${name}`;
      return { file, text: readFileSync(file, "utf8") };
    };
    const { nodes, pods: containers } = readTopology(read("topology.yaml"));
    const docker = nodes.flatMap((node) => node.docker ?? []);
    expect(docker).toHaveLength(1);
    const rules = docker.map((one) => dockerRules({ family: "ipv4", ...one, containers }));
    const recorded = read("dock.iptables-save.txt").text.replaceAll(/^\[\d+:\d+\] /gm, "");
    expect(Object.fromEntries(installedLines(...rules))).toEqual(
      Object.fromEntries(linesByChain(recorded)),
    );
  });
});
