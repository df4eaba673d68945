/** What an address and port are that somebody dials, and which node answers for it. */
import type { Service, ServicePort } from "#cluster/service.js";
import type { HostPort, Node, Pod } from "#cluster/topology.js";
import type { Network } from "#expected/network/network.js";
import type { Dial, Path } from "#expected/network/path.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { isLoopback } from "#net/address.js";
import type { Dialled } from "./path-row.js";
import { homeOf, isContainer, namespaceOf, nodeOfAddress, podOfAddress } from "./whereabouts.js";

export interface DialledThing {
  readonly dialled: Dialled;
  /** The node that handles the packet first, where one does. */
  readonly node: string | undefined;
  readonly service: Service | undefined;
  readonly port: ServicePort | undefined;
  /** The pod that the port or address is of, where one is. */
  readonly pod: Pod | undefined;
}

type Found = Omit<DialledThing, "node">;

/** In the order in which a node's rules take a packet: kube-proxy's stand before portmap's. */
export function dialledThing(network: Network, dial: Dial, path: Path | undefined): DialledThing {
  const { topology } = network;
  const { address } = dial.tuple.destination;
  const home = homeOf(topology, dial.from) ?? dial.via ?? firstNode(path);
  if (dial.from.kind === "pod") {
    const own = ownAddress(network, dial, dial.from.name);
    if (own) return { ...own, node: home };
  }
  const virtual = virtualAddress(network, dial.tuple);
  if (virtual) return { ...virtual, node: home };

  const owner = isLoopback(address) ? home : nodeOfAddress(network, address);
  const node = topology.nodes.find(({ name }) => name === owner);
  if (node) return { ...portOfNode(network, node, dial.tuple), node: node.name };
  const pod = podOfAddress(topology, address);
  const nothing = { service: undefined, port: undefined };
  if (pod) return { dialled: "pod", pod, node: home ?? pod.node, ...nothing };
  return { dialled: "outside", pod: undefined, node: home, ...nothing };
}

function firstNode(path: Path | undefined): string | undefined {
  return path?.request.find(({ namespace }) => namespace.kind === "node")?.namespace.name;
}

/** A pod's own loopback or address: the packet does not leave its namespace. */
function ownAddress({ topology }: Network, { tuple }: Dial, name: string): Found | undefined {
  const { address } = tuple.destination;
  const nothing = { service: undefined, port: undefined };
  const own = topology.pods.find((pod) => pod.name === namespaceOf(topology, name));
  if (isLoopback(address)) return { dialled: "loopback", pod: own, ...nothing };
  return own?.address === address && !own.hostNetwork
    ? { dialled: "pod", pod: own, ...nothing }
    : undefined;
}

/** Addresses that no machine need have: kube-proxy's rules alone make them work. */
function virtualAddress({ topology }: Network, tuple: PredictedTuple): Found | undefined {
  const { address, port: number } = tuple.destination;
  const lists = [
    ["cluster-ip", "clusterIPs"],
    ["external-ip", "externalIPs"],
    ["load-balancer-ip", "loadBalancerIPs"],
  ] as const;
  for (const [dialled, key] of lists) {
    for (const service of topology.services) {
      if (!service[key].includes(address)) continue;
      const port = service.ports.find(
        (candidate) => candidate.protocol === tuple.protocol && candidate.port === number,
      );
      if (port) return { dialled, service, port, pod: undefined };
    }
  }
  return undefined;
}

/** A port of a node's address: a Service's, or a pod's, or nobody's. */
function portOfNode(network: Network, node: Node, tuple: PredictedTuple): Found {
  return (
    servicePort(network, tuple) ??
    mappedPort(network, node, tuple) ??
    boundPort(network, node, tuple)
  );
}

function servicePort({ topology }: Network, tuple: PredictedTuple): Found | undefined {
  const { port: number } = tuple.destination;
  for (const service of topology.services) {
    const port = service.ports.find(
      ({ protocol, nodePort }) => protocol === tuple.protocol && nodePort === number,
    );
    if (port) return { dialled: "node-port", service, port, pod: undefined };
    if (service.healthCheckNodePort === number && tuple.protocol === "tcp") {
      return { dialled: "health-check-node-port", service, port: undefined, pod: undefined };
    }
  }
  return undefined;
}

function mappedPort({ topology }: Network, node: Node, tuple: PredictedTuple): Found | undefined {
  const pod = topology.pods.find(
    (candidate) =>
      candidate.node === node.name &&
      !candidate.gone &&
      candidate.hostPorts.some((hostPort) => maps(hostPort, tuple)),
  );
  if (!pod) return undefined;
  const dialled = isContainer(topology, pod) ? "published-port" : "hostPort";
  return { dialled, pod, service: undefined, port: undefined };
}

/** 0.0.0.0 is how portmap and Docker write every address. */
export function maps({ hostPort, hostIP, protocol }: HostPort, tuple: PredictedTuple): boolean {
  const { address, port } = tuple.destination;
  const isAnyAddress = hostIP === undefined || hostIP === "0.0.0.0" || hostIP === "::";
  return hostPort === port && protocol === tuple.protocol && (isAnyAddress || hostIP === address);
}

function boundPort({ topology }: Network, node: Node, tuple: PredictedTuple): Found {
  const nothing = { service: undefined, port: undefined };
  const pod = topology.pods.find(
    (candidate) =>
      candidate.node === node.name &&
      candidate.hostNetwork &&
      candidate.ports.some((port) => port === tuple.destination.port),
  );
  if (pod) return { dialled: "hostNetwork", pod, ...nothing };
  const isOwn = isLoopback(tuple.destination.address);
  return { dialled: isOwn ? "loopback" : "node", pod: undefined, ...nothing };
}
