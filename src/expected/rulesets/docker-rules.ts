/** The rules that Docker writes for its bridge networks and published ports, by version. */
import type { DockerNetwork, HostPort, Pod } from "#cluster/topology.js";
import { formatEndpoint } from "#net/five-tuple.js";
import { isLoopback, type Address } from "#net/address.js";
import { formatPrefix } from "#net/prefix.js";
import { dockerFilterRules } from "./docker-filter-rules.js";
import { dockerGeneration, host, portMatch, type DockerSetting } from "./docker-setting.js";
import type { InstalledRule, InstalledRules } from "./installed-rules.js";
import { appended, inserted } from "./rule-lines.js";

export interface DockerInput {
  readonly family: "ipv4" | "ipv6";
  /** `26.1.4`; undefined: the newest that is modelled. */
  readonly version: string | undefined;
  /** Where it is off, rules do what docker-proxy did ("hairpin mode" in moby). */
  readonly userlandProxy: boolean;
  /** Bridges, in the order in which they were created: `docker0` first. */
  readonly networks: readonly DockerNetwork[];
  /** In the order in which they were started. Those on no network of `networks` have no rules. */
  readonly containers: readonly DockerContainer[];
}

export type DockerContainer = Pick<Pod, "address" | "network" | "hostPorts">;

/**
 * The iptables backend with the defaults: networks that are not internal, gateway mode nat,
 * masquerading, communication between containers. docker-proxy is a process and has no rules, and
 * FORWARD's policy, which Docker sets to DROP where it turned ip_forward on itself, is no rule.
 *
 * @throws RangeError for a version that `dockerGeneration` does not know.
 */
export function dockerRules(input: DockerInput): InstalledRules {
  const { family, version, userlandProxy } = input;
  const generation = dockerGeneration(version);
  if (generation === undefined) throw new RangeError(`Docker ${version}: not a version from 18 on`);
  const networks = input.networks.filter(({ subnet }) => isOf(family, subnet.address));
  const containers = input.containers.flatMap(({ network: name, address, hostPorts }) => {
    const network = networks.find((one) => one.name === name);
    if (network === undefined || !isOf(family, address)) return [];
    const ports = hostPorts.filter(({ hostIP }) => hostIP === undefined || isOf(family, hostIP));
    return { address, bridge: network.bridge, ports };
  });
  const setting = { family, generation, userlandProxy, networks, containers };
  const filter = dockerFilterRules(setting);
  return {
    chains: [{ table: "nat", name: "DOCKER" }, ...filter.chains],
    rules: [...rawRules(setting), ...natRules(setting), ...filter.rules],
  };
}

const LOOPBACK = { ipv4: "127.0.0.0/8", ipv6: "::1/128" } as const;

/** Only 28 and later: filterDirectAccess, and filterPortMappedOnLoopback for IPv4. */
function rawRules({ generation, containers }: DockerSetting): readonly InstalledRule[] {
  if (generation === 27) return [];
  const lines = containers.flatMap(({ address, bridge, ports }) => [
    `PREROUTING -d ${host(address)} ! -i ${bridge} -j DROP`,
    ...ports.flatMap(({ hostIP, hostPort, protocol }) =>
      hostIP !== undefined && isLoopback(hostIP) && !hostIP.includes(":")
        ? `PREROUTING -d ${host(hostIP)} ! -i lo ${portMatch(protocol, hostPort)} -j DROP`
        : [],
    ),
  ]);
  return appended("raw", lines);
}

function natRules(setting: DockerSetting): readonly InstalledRule[] {
  const { family, userlandProxy, networks, containers } = setting;
  const jump = "-m addrtype --dst-type LOCAL -j DOCKER";
  // 127.0.0.1 is docker-proxy's, where there is one.
  const output = userlandProxy ? `! -d ${LOOPBACK[family]} ${jump}` : jump;
  const ports = containers.flatMap((container) =>
    container.ports.flatMap((port) => portLines({ ...container, port }, setting)),
  );
  return [
    ...appended("nat", [`PREROUTING ${jump}`, `OUTPUT ${output}`]),
    ...inserted(
      "nat",
      networks.flatMap((network) => networkLines(network, setting)),
    ),
    ...appended("nat", ports),
  ];
}

function networkLines(
  { bridge, subnet }: DockerNetwork,
  { generation, userlandProxy }: DockerSetting,
): readonly string[] {
  const leaving = `POSTROUTING -s ${formatPrefix(subnet)} ! -o ${bridge} -j MASQUERADE`;
  if (!userlandProxy) {
    return [leaving, `POSTROUTING -o ${bridge} -m addrtype --src-type LOCAL -j MASQUERADE`];
  }
  // Containers dial a published port by docker-proxy, so that isolation cannot stop them.
  return generation === 29 ? [leaving] : [leaving, `DOCKER -i ${bridge} -j RETURN`];
}

interface PublishedPort {
  readonly address: Address;
  readonly bridge: string;
  readonly port: HostPort;
}

function portLines(
  { address, bridge, port }: PublishedPort,
  { family, generation, userlandProxy }: DockerSetting,
): readonly string[] {
  const { hostIP, hostPort, containerPort, protocol } = port;
  const to = formatEndpoint({ address, port: containerPort });
  const dnat = [
    "DOCKER",
    // An answer to a link-local client would need the zone, which docker-proxy knows.
    ...(family === "ipv6" ? ["! -s fe80::/10"] : []),
    ...(hostIP === undefined || isUnspecified(hostIP) ? [] : [`-d ${host(hostIP)}`]),
    ...(userlandProxy ? [`! -i ${bridge}`] : []),
    `${portMatch(protocol, hostPort)} -j DNAT --to-destination ${to}`,
  ].join(" ");
  // A container that dials its own published port would answer itself directly.
  const own = `-s ${host(address)} -d ${host(address)} ${portMatch(protocol, containerPort)}`;
  const hairpin = `POSTROUTING ${own} -j MASQUERADE`;
  return generation === 27 || !userlandProxy ? [dnat, hairpin] : [dnat];
}

function isUnspecified(address: Address): boolean {
  return address === "0.0.0.0" || address === "::";
}

function isOf(family: "ipv4" | "ipv6", address: Address): boolean {
  return address.includes(":") === (family === "ipv6");
}
