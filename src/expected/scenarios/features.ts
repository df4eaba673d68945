/** Special cases of a way: a proxy in it, a container without the usual network. */
import type { Network } from "#expected/network/network.js";
import type { Dial, Path } from "#expected/network/path.js";
import type { Pod, Topology } from "#cluster/topology.js";
import type { Address } from "#net/address.js";
import { prefixContains } from "#net/prefix.js";
import type { DialledThing } from "./dialled.js";
import { hasNoNetwork, isContainer, podNamed } from "./whereabouts.js";

export type Feature =
  /** A Docker container without network dials or is dialled. */
  | "no-network"
  /** A container with `--net=host`. */
  | "docker-host"
  /** A program of the pod's own redirects what comes in. */
  | "sidecar"
  /** One of the two connections of a proxy that chooses endpoints itself. */
  | "ingress"
  /** kube-proxy ends the connection and dials the endpoint. */
  | "userspace"
  /** A balancer dials a NodePort: from one of the Service's own addresses, or as the topology says. */
  | "balancer"
  | "session-affinity";

interface Told {
  readonly dial: Dial;
  readonly thing: DialledThing;
  readonly path: Path | undefined;
}

export function featuresOf(network: Network, told: Told): readonly Feature[] {
  return FEATURES.filter(([, holds]) => holds(network, told)).map(([feature]) => feature);
}

const FEATURES: readonly (readonly [Feature, (network: Network, told: Told) => boolean])[] = [
  ["no-network", withoutNetwork],
  ["docker-host", ofDockerHost],
  ["sidecar", throughSidecar],
  ["ingress", ofIngress],
  [
    "userspace",
    ({ topology }, { thing }) =>
      topology.kubeProxy?.mode === "userspace" && thing.port !== undefined,
  ],
  [
    "balancer",
    ({ topology }, { dial, thing }) =>
      dial.from.kind === "outside" &&
      thing.dialled === "node-port" &&
      (thing.service?.loadBalancerIPs.includes(dial.from.address) === true ||
        isBalancer(topology, dial.from.address)),
  ],
  [
    "session-affinity",
    (_, { thing }) =>
      thing.port !== undefined && thing.service?.sessionAffinitySeconds !== undefined,
  ],
];

function isBalancer({ clients }: Topology, address: Address): boolean {
  return clients.some(
    (client) =>
      client.isBalancer && client.addresses.some((prefix) => prefixContains(prefix, address)),
  );
}

function partyPod({ topology }: Network, { from }: Dial): Pod | undefined {
  return from.kind === "pod" ? podNamed(topology, from.name) : undefined;
}

function withoutNetwork(network: Network, { dial, thing }: Told): boolean {
  const pods = [partyPod(network, dial), thing.pod];
  return pods.some((pod) => pod !== undefined && hasNoNetwork(network.topology, pod));
}

function ofDockerHost({ topology }: Network, { thing: { pod } }: Told): boolean {
  return pod !== undefined && pod.hostNetwork && isContainer(topology, pod);
}

/** The sidecar's own connections to the program beside it stay on the pod's lo. */
function throughSidecar(network: Network, { dial, thing, path }: Told): boolean {
  const proxies = path?.end.kind === "delivered" ? path.end.proxy?.program : undefined;
  if (proxies === "sidecar") return true;
  const isInside = partyPod(network, dial)?.sidecar !== undefined;
  return isInside && dial.tuple.source.address === SIDECAR_SOURCE && thing.pod !== undefined;
}

/** From which Istio's Envoy dials the program it stands in front of (istio pkg/config/constants). */
const SIDECAR_SOURCE = "127.0.0.6";

/** To the proxy, or from it to an endpoint of its Service. */
function ofIngress(network: Network, { dial, thing }: Told): boolean {
  const { topology } = network;
  if (thing.dialled === "hostNetwork" && thing.pod?.proxyFor !== undefined) return true;
  const proxies = topology.pods.filter(({ name, node, hostNetwork }) =>
    dial.from.kind === "pod"
      ? name === dial.from.name
      : dial.from.kind === "node" && hostNetwork && node === dial.from.name,
  );
  const { address, port: number } = dial.tuple.destination;
  return proxies.some(({ proxyFor }) => {
    const service = topology.services.find(({ name }) => name === proxyFor);
    return service?.endpoints.some(
      (endpoint) =>
        endpoint.address === address &&
        service.ports.some(({ targetPort }) => (endpoint.port ?? targetPort) === number),
    );
  });
}
