/**
 * Ports of Services as kube-proxy's ipvs mode has them: virtual servers, which have no names. Sets tell
 * what kind of address each is (kube-proxy-ipvs-sets.ts writes the same).
 */
import type { Unclear } from "#cluster/topology.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { VirtualServer } from "#expected/netfilter/virtual-server.js";
import { isInSet } from "#expected/netfilter/ip-set.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { Address } from "#net/address.js";
import type { EndpointAddress } from "../endpoint-text.js";
import { UNTOLD, type PortFromRules } from "./port-from-rules.js";

export interface IpvsPorts {
  readonly ports: readonly PortFromRules[];
  readonly unclear: readonly Unclear[];
}

/** Addresses that lead to the same endpoints as one cluster IP alone are that Service's. */
export function ipvsPorts(state: NodeState): IpvsPorts {
  const servers = state.ipvs.flatMap(addressed);
  const isOfCluster = (one: Addressed): boolean => isIn(state, "KUBE-CLUSTER-IP", one);
  const services = servers.filter(isOfCluster);
  const others = servers.filter((one) => !isOfCluster(one));
  const ownerOf = (one: Addressed): Addressed | undefined => {
    const [owner, ...rivals] = services.filter((service) => hasSameServers(service, one));
    return rivals.length === 0 ? owner : undefined;
  };
  const unclear = others.filter((one) => ownerOf(one) === undefined);
  return {
    ports: services.map((service) =>
      portOf(
        state,
        service,
        others.filter((one) => ownerOf(one) === service),
      ),
    ),
    unclear: unclear.map(({ address, port }) => ({
      says:
        `${state.name}: which Service the virtual server ${formatEndpoint({ address, port })} is of cannot be told: ` +
        "no cluster IP alone leads to the same endpoints",
      ports: [port],
    })),
  };
}

interface Addressed {
  readonly server: VirtualServer;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly address: Address;
  readonly port: number;
}

function addressed(server: VirtualServer): readonly Addressed[] {
  const { takes } = server;
  if (takes.by !== "address") return [];
  const { address, port, protocol } = takes;
  const known = (["tcp", "udp", "sctp"] as const).find((one) => one === protocol);
  return known === undefined ? [] : [{ server, protocol: known, address, port }];
}

function hasSameServers(one: Addressed, other: Addressed): boolean {
  const [mine, theirs] = [one, other].map(({ server }) =>
    server.realServers.map(formatEndpoint).sort().join(" "),
  );
  return one.protocol === other.protocol && mine !== "" && mine === theirs;
}

/** Sets of ports alone, for node ports, and of addresses with ports are asked alike. */
function isIn({ sets }: NodeState, name: string, { protocol, address, port }: Addressed): boolean {
  const set = sets.get(name);
  const end = { address, port };
  const sides = set?.parts?.map(() => "dst" as const) ?? [];
  return (
    set !== undefined && isInSet(set, sides, { protocol, source: end, destination: end }) === true
  );
}

function portOf(state: NodeState, service: Addressed, others: readonly Addressed[]): PortFromRules {
  const { server, protocol, address, port } = service;
  const balanced = others.filter((one) => isIn(state, "KUBE-LOAD-BALANCER", one));
  const external = others.filter((one) =>
    ["KUBE-EXTERNAL-IP", "KUBE-EXTERNAL-IP-LOCAL"].some((name) => isIn(state, name, one)),
  );
  const nodePort = others.find((one) => !balanced.includes(one) && !external.includes(one));
  const isLocal =
    others.some((one) => LOCAL_SETS.some((name) => isIn(state, name, one))) ||
    (nodePort !== undefined &&
      isIn(state, `KUBE-NODE-PORT-LOCAL-${protocol.toUpperCase()}`, nodePort));
  return {
    ...UNTOLD,
    // There is no comment in IPVS: the address stands for the name.
    name: `ipvs/${address.replaceAll(":", "-")}:${port}`,
    protocol,
    clusterIPs: [address],
    port,
    nodePort: nodePort?.port,
    externalIPs: [...new Set(external.map((one) => one.address))],
    loadBalancerIPs: [...new Set(balanced.map((one) => one.address))],
    externalPolicy: others.length === 0 ? undefined : isLocal ? "Local" : "Cluster",
    affinitySeconds: server.persistenceSeconds,
    endpoints: endpointsOf(server),
  };
}

const LOCAL_SETS = ["KUBE-LOAD-BALANCER-LOCAL", "KUBE-EXTERNAL-IP-LOCAL"];

function endpointsOf({ realServers }: VirtualServer): readonly EndpointAddress[] {
  return realServers.flatMap(({ address, port, weight }) =>
    weight > 0 ? [{ address, port }] : [],
  );
}
