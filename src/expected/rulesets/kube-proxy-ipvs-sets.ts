/** The ipsets of kube-proxy's ipvs mode (k8s v1.28.7 pkg/proxy/ipvs/{proxier,ipset}.go). */
import type { Address } from "#net/address.js";
import { formatPrefix, prefixContains } from "#net/prefix.js";
import { proxiedEndpoints } from "./kube-proxy-endpoints.js";
import { isOfFamily, type Family } from "./kube-proxy-family.js";
import type { ProxiedPort } from "./kube-proxy-ports.js";
import type { KubeProxyInput } from "./kube-proxy.js";

/** proxier.go ipsetInfo, in its order: what each is made of, and what the rules that ask it say. */
export const IP_SETS = {
  "KUBE-LOOP-BACK": {
    type: "hash:ip,port,ip",
    comment: "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose",
  },
  "KUBE-CLUSTER-IP": {
    type: "hash:ip,port",
    comment: "Kubernetes service cluster ip + port for masquerade purpose",
  },
  "KUBE-EXTERNAL-IP": {
    type: "hash:ip,port",
    comment: "Kubernetes service external ip + port for masquerade and filter purpose",
  },
  "KUBE-EXTERNAL-IP-LOCAL": {
    type: "hash:ip,port",
    comment: "Kubernetes service external ip + port with externalTrafficPolicy=local",
  },
  "KUBE-LOAD-BALANCER": { type: "hash:ip,port", comment: "Kubernetes service lb portal" },
  "KUBE-LOAD-BALANCER-FW": {
    type: "hash:ip,port",
    comment: "Kubernetes service load balancer ip + port for load balancer with sourceRange",
  },
  "KUBE-LOAD-BALANCER-LOCAL": {
    type: "hash:ip,port",
    comment: "Kubernetes service load balancer ip + port with externalTrafficPolicy=local",
  },
  "KUBE-LOAD-BALANCER-SOURCE-IP": {
    type: "hash:ip,port,ip",
    comment: "Kubernetes service load balancer ip + port + source IP for packet filter purpose",
  },
  "KUBE-LOAD-BALANCER-SOURCE-CIDR": {
    type: "hash:ip,port,net",
    comment: "Kubernetes service load balancer ip + port + source cidr for packet filter purpose",
  },
  "KUBE-NODE-PORT-TCP": {
    type: "bitmap:port",
    comment: "Kubernetes nodeport TCP port for masquerade purpose",
  },
  "KUBE-NODE-PORT-LOCAL-TCP": {
    type: "bitmap:port",
    comment: "Kubernetes nodeport TCP port with externalTrafficPolicy=local",
  },
  "KUBE-NODE-PORT-UDP": {
    type: "bitmap:port",
    comment: "Kubernetes nodeport UDP port for masquerade purpose",
  },
  "KUBE-NODE-PORT-LOCAL-UDP": {
    type: "bitmap:port",
    comment: "Kubernetes nodeport UDP port with externalTrafficPolicy=local",
  },
  "KUBE-NODE-PORT-SCTP-HASH": {
    type: "hash:ip,port",
    comment: "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'",
  },
  "KUBE-NODE-PORT-LOCAL-SCTP-HASH": {
    type: "hash:ip,port",
    comment:
      "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'",
  },
  "KUBE-HEALTH-CHECK-NODE-PORT": {
    type: "bitmap:port",
    comment: "Kubernetes health check node port",
  },
  "KUBE-IPVS-IPS": { type: "hash:ip", comment: "Addresses on the ipvs interface" },
} as const satisfies Record<string, { readonly type: string; readonly comment: string }>;

export type IpSetName = keyof typeof IP_SETS;

const NAMES = Object.keys(IP_SETS) as readonly IpSetName[];

/** As `ipset add` takes them; a set that has none is made all the same. */
export type IpSetEntries = ReadonlyMap<IpSetName, readonly string[]>;

/** A set's name has at most 31 characters (ipset.go NewIPSet). */
export function ipSetName(name: IpSetName, family: Family): string {
  return family === "ipv4" ? name : name.replace("KUBE-", "KUBE-6-").slice(0, 31);
}

/** As `ipset save` prints them. */
export function ipsetSaveText(entries: IpSetEntries, family: Family): string {
  const kept = { ipv4: "inet", ipv6: "inet6" }[family];
  const lines = NAMES.flatMap((set) => {
    const name = ipSetName(set, family);
    const { type } = IP_SETS[set];
    const options =
      type === "bitmap:port" ? "range 0-65535" : `family ${kept} hashsize 1024 maxelem 65536`;
    const members = entries.get(set) ?? [];
    return [`create ${name} ${type} ${options}`, ...members.map((one) => `add ${name} ${one}`)];
  });
  return `${lines.join("\n")}\n`;
}

export interface IpSetsInput {
  readonly ports: readonly ProxiedPort[];
  /** The addresses whose node ports are served. */
  readonly nodePortsOn: readonly Address[];
  readonly nodeIP: Address | undefined;
  /** Of kube-ipvs0. */
  readonly addresses: readonly Address[];
  readonly hairpins: readonly string[];
}

type Entry = readonly [IpSetName, string];

export function ipSetEntries(input: IpSetsInput): IpSetEntries {
  const { ports, addresses, hairpins: loops } = input;
  const entries: readonly Entry[] = [
    ...loops.map((entry): Entry => ["KUBE-LOOP-BACK", entry]),
    ...ports.flatMap((port) => [
      ["KUBE-CLUSTER-IP", portAt(port, port.clusterIP)] as const,
      ...externalIpEntries(port),
      ...port.loadBalancerIPs.flatMap((address) => loadBalancerEntries(port, address, input)),
      ...nodePortEntries(port, input),
      ...healthCheckEntries(port),
    ]),
    ...addresses.map((address): Entry => ["KUBE-IPVS-IPS", address]),
  ];
  return new Map(
    NAMES.map((set) => {
      const members = entries.filter(([name]) => name === set).map(([, entry]) => entry);
      return [set, [...new Set(members)]];
    }),
  );
}

/** `10.96.0.1,tcp:443`. */
function portAt({ protocol, port }: Pick<ProxiedPort, "protocol" | "port">, address: Address) {
  return `${address},${protocol}:${port}`;
}

/** Every endpoint of the node, ready or not, by which it can be told that a pod dials itself. */
export function hairpins({ family, node, services }: KubeProxyInput): readonly string[] {
  const proxied = services.filter(({ clusterIPs }) =>
    clusterIPs.some((address) => isOfFamily(address, family)),
  );
  return proxied.flatMap(({ ports, endpoints }) =>
    ports.flatMap(({ protocol, targetPort }) =>
      proxiedEndpoints({ family, node: node.name, targetPort, endpoints })
        .filter(({ isLocal }) => isLocal)
        .map(({ address, port }) => `${portAt({ protocol, port }, address)},${address}`),
    ),
  );
}

function externalIpEntries(port: ProxiedPort): readonly Entry[] {
  const set = port.isExternalLocal ? "KUBE-EXTERNAL-IP-LOCAL" : "KUBE-EXTERNAL-IP";
  return port.externalIPs.map((address) => [set, portAt(port, address)]);
}

function loadBalancerEntries(
  port: ProxiedPort,
  address: Address,
  { nodeIP }: IpSetsInput,
): readonly Entry[] {
  const entry = portAt(port, address);
  const ranges = port.sourceRanges;
  const holdsNode = nodeIP !== undefined && ranges.some((range) => prefixContains(range, nodeIP));
  return [
    ["KUBE-LOAD-BALANCER", entry],
    ...(port.isExternalLocal ? [["KUBE-LOAD-BALANCER-LOCAL", entry] as const] : []),
    ...(ranges.length > 0 ? [["KUBE-LOAD-BALANCER-FW", entry] as const] : []),
    ...ranges.map((range): Entry => [
      "KUBE-LOAD-BALANCER-SOURCE-CIDR",
      `${entry},${formatPrefix(range)}`,
    ]),
    // The node dials the address from itself, for kube-ipvs0 has it.
    ...(holdsNode ? [["KUBE-LOAD-BALANCER-SOURCE-IP", `${entry},${address}`] as const] : []),
  ];
}

const NODE_PORT_SETS = {
  tcp: ["KUBE-NODE-PORT-TCP", "KUBE-NODE-PORT-LOCAL-TCP"],
  udp: ["KUBE-NODE-PORT-UDP", "KUBE-NODE-PORT-LOCAL-UDP"],
  sctp: ["KUBE-NODE-PORT-SCTP-HASH", "KUBE-NODE-PORT-LOCAL-SCTP-HASH"],
} as const satisfies Record<string, readonly [IpSetName, IpSetName]>;

/** Under a Local policy it is in both; the rules ask the local one first. */
function nodePortEntries(
  { protocol, nodePort, isExternalLocal }: ProxiedPort,
  { nodePortsOn }: IpSetsInput,
): readonly Entry[] {
  if (nodePort === undefined || nodePortsOn.length === 0) return [];
  const [all, local] = NODE_PORT_SETS[protocol];
  const entries =
    protocol === "sctp"
      ? nodePortsOn.map((address) => portAt({ protocol, port: nodePort }, address))
      : [String(nodePort)];
  const sets = isExternalLocal ? [all, local] : [all];
  return sets.flatMap((set) => entries.map((entry): Entry => [set, entry]));
}

function healthCheckEntries({ healthCheckNodePort }: ProxiedPort): readonly Entry[] {
  if (healthCheckNodePort === undefined) return [];
  return [["KUBE-HEALTH-CHECK-NODE-PORT", String(healthCheckNodePort)]];
}
