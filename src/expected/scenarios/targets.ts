/** Everything in a cluster that somebody can dial, and where each of it leads. */
import type { Service, ServicePort } from "#cluster/service.js";
import type { Pod } from "#cluster/topology.js";
import type { Network } from "#expected/network/network.js";
import { addressBits, addressFromBits, type Address } from "#net/address.js";
import { prefixOf, type Prefix } from "#net/prefix.js";
import { usableEndpoints } from "./situation.js";
import { hasNoNetwork, namespaceOf, nodeNamed, podNamed } from "./whereabouts.js";

export interface End {
  readonly address: Address;
  readonly port: number;
}

/** Who can reach a target at all. */
export type Reach =
  /** Anybody; packets for an address of no machine may enter by any node. */
  | { readonly kind: "anybody" | "virtual" }
  /** Members of the cluster, and whoever has a route by a node. */
  | { readonly kind: "pod"; readonly pod: Pod }
  /** Processes of one node, or of one pod. */
  | { readonly kind: "on-node" | "in-pod"; readonly name: string }
  | { readonly kind: "outside" };

export interface Target {
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly dialled: End;
  readonly reach: Reach;
  /** Destinations that a packet for it can have on its way. */
  readonly leadsTo: readonly End[];
}

export function targetsOf(network: Network): readonly Target[] {
  const { services, pods, clients } = network.topology;
  const live = pods.filter((pod) => !pod.gone);
  const isFamily = ({ dialled }: Target): boolean =>
    dialled.address.includes(":") === (network.family === "ipv6");
  return [
    ...services.flatMap((service) => serviceTargets(network, service)),
    ...live.flatMap((pod) => podTargets(network, pod)),
    ...clients.flatMap(({ addresses }) => addresses.map(firstOf)).map(outsideTarget),
  ].filter(isFamily);
}

function serviceTargets(network: Network, service: Service): readonly Target[] {
  const virtual = [...service.clusterIPs, ...service.externalIPs, ...service.loadBalancerIPs];
  const { healthCheckNodePort } = service;
  return [
    ...service.ports.flatMap((port): readonly Target[] => {
      const leadsTo = endsOf(service, port);
      const { protocol, nodePort } = port;
      return [
        ...virtual.map((address): Target => ({
          protocol,
          dialled: { address, port: port.port },
          reach: { kind: "virtual" },
          leadsTo,
        })),
        ...(nodePort === undefined
          ? []
          : portOfNodes(network, { protocol, port: nodePort, leadsTo })),
      ];
    }),
    ...(healthCheckNodePort === undefined
      ? []
      : portOfNodes(network, { protocol: "tcp", port: healthCheckNodePort, leadsTo: [] })),
  ];
}

function endsOf(service: Service, { targetPort }: ServicePort): readonly End[] {
  return usableEndpoints(service).map(({ address, port }) => ({
    address,
    port: port ?? targetPort,
  }));
}

interface NodePort {
  readonly protocol: Target["protocol"];
  readonly port: number;
  readonly leadsTo: readonly End[];
}

/** On each node that Kubernetes runs. */
function portOfNodes(network: Network, port: NodePort): readonly Target[] {
  return network.topology.nodes
    .filter(({ podCIDR }) => podCIDR !== undefined)
    .flatMap(({ name }) => portOfNode(network, { ...port, node: name, hostIP: undefined }));
}

function portOfNode(
  network: Network,
  port: NodePort & { readonly node: string; readonly hostIP: Address | undefined },
): readonly Target[] {
  const { protocol, leadsTo, node, hostIP } = port;
  const loopback = network.family === "ipv6" ? "::1" : "127.0.0.1";
  const isAny = hostIP === undefined || hostIP === "0.0.0.0" || hostIP === "::";
  const addresses = isAny ? (nodeNamed(network.topology, node)?.addresses ?? []) : [hostIP];
  const target = (address: Address, reach: Reach): Target => ({
    protocol,
    dialled: { address, port: port.port },
    reach,
    leadsTo,
  });
  return [
    ...addresses.map((address) => target(address, { kind: "anybody" })),
    ...(isAny ? [target(loopback, { kind: "on-node", name: node })] : []),
  ];
}

function podTargets(network: Network, pod: Pod): readonly Target[] {
  const { topology } = network;
  const { node, address, hostPorts } = pod;
  const mapped = hostPorts.flatMap(({ hostPort, hostIP, containerPort, protocol }) =>
    portOfNode(network, {
      node,
      hostIP,
      protocol,
      port: hostPort,
      leadsTo: [{ address, port: containerPort }],
    }),
  );
  const ports = servedPorts(network, pod);
  if (pod.hostNetwork) {
    const bound = ports.flatMap(({ protocol, port }) =>
      portOfNode(network, { node, hostIP: undefined, protocol, port, leadsTo: [] }),
    );
    return [...mapped, ...bound];
  }
  const name = namespaceOf(topology, pod.name);
  const isDialledByAddress = !hasNoNetwork(topology, podNamed(topology, name) ?? pod);
  const loopback = network.family === "ipv6" ? "::1" : "127.0.0.1";
  return [
    ...mapped,
    ...ports.flatMap(({ protocol, port }): readonly Target[] => [
      ...(isDialledByAddress
        ? [
            {
              protocol,
              dialled: { address, port },
              reach: { kind: "pod", pod } as const,
              leadsTo: [],
            },
          ]
        : []),
      {
        protocol,
        dialled: { address: loopback, port },
        reach: { kind: "in-pod", name },
        leadsTo: [],
      },
    ]),
  ];
}

/** Ports that anything in the topology says a pod listens on. */
function servedPorts(
  { topology }: Network,
  pod: Pod,
): readonly { readonly protocol: Target["protocol"]; readonly port: number }[] {
  const served = new Map<string, { protocol: Target["protocol"]; port: number }>();
  const add = (protocol: Target["protocol"], port: number): void => {
    served.set(`${protocol} ${port}`, { protocol, port });
  };
  for (const { protocol, containerPort } of pod.hostPorts) add(protocol, containerPort);
  for (const port of pod.ports) add("tcp", port);
  for (const service of topology.services) {
    const own = service.endpoints.filter((endpoint) => endpoint.pod === pod.name);
    for (const { port } of own) {
      for (const { protocol, targetPort } of service.ports) add(protocol, port ?? targetPort);
    }
  }
  return [...served.values()];
}

/** A web server out there; its port decides nothing. */
const OUTSIDE_PORT = 443;

function outsideTarget(address: Address): Target {
  const dialled = { address, port: OUTSIDE_PORT };
  return { protocol: "tcp", dialled, reach: { kind: "outside" }, leadsTo: [] };
}

/** An address that stands for a block; its first is the network's own. */
export function firstOf({ address, length }: Prefix): Address {
  const { bits, width } = addressBits(address);
  const isBlock = length < width - 1 && prefixOf(address, length).address === address;
  return isBlock ? addressFromBits(bits + 1n, width) : address;
}
