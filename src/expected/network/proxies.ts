/** Programs that end a connection and dial on for its client. */
import type { Pod } from "#cluster/topology.js";
import type { Service, ServicePort } from "#cluster/service.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { RuleStep, Trace } from "#expected/netfilter/trace.js";
import type { Address } from "#net/address.js";
import { nodeOf } from "./interfaces.js";
import { hasOwnNamespace, stateOf, type Namespace } from "./namespace.js";
import type { Network } from "./namespaces.js";
import type { Dial, Party, Proxy } from "./path.js";
import { sourceAddressFor } from "./source-address.js";

export interface Delivery {
  readonly namespace: Namespace;
  readonly trace: Trace;
}

/** Who is known to take the connection and dial on; undefined: a server, as far as is known. */
export function proxyAt(network: Network, delivery: Delivery): Proxy | undefined {
  return delivery.namespace.kind === "pod"
    ? (sidecarOf(network, delivery) ?? ingressIn(network, delivery))
    : (dockerProxyOn(network, delivery) ??
        kubeProxyOn(network, delivery) ??
        ingressOn(network, delivery));
}

/** `docker-proxy`, one for each published port (moby cmd/docker-proxy/tcp_proxy_linux.go). */
function dockerProxyOn(network: Network, { namespace, trace }: Delivery): Proxy | undefined {
  if (!nodeOf(network, namespace.name)?.docker?.userlandProxy) return undefined;
  const dials = network.topology.pods
    .filter((pod) => pod.node === namespace.name && pod.network !== undefined)
    .filter((pod) => hasOwnNamespace(pod) && !pod.gone)
    .flatMap((pod) =>
      pod.hostPorts
        .filter((port) => isPublishedAs(trace.final, port))
        .map((port) => ({ address: pod.address, port: port.containerPort })),
    );
  if (dials.length === 0) return undefined;
  return { program: "docker-proxy", dials: dialsTo(network, { namespace, trace, to: dials }) };
}

function isPublishedAs(
  { protocol, destination }: PredictedTuple,
  port: Pod["hostPorts"][number],
): boolean {
  const isAddress = port.hostIP === undefined || port.hostIP === destination.address;
  return port.hostPort === destination.port && port.protocol === protocol && isAddress;
}

/**
 * kube-proxy's userspace mode redirects to a port of its own for each Service port (k8s 1.20
 * pkg/proxy/userspace/proxier.go), and dials any of its endpoints.
 */
function kubeProxyOn(network: Network, { namespace, trace }: Delivery): Proxy | undefined {
  const step = trace.steps.find(isPortal);
  const port = step && servicePortDialled(network, step.before);
  if (port === undefined) return undefined;
  return {
    program: "kube-proxy",
    dials: dialsTo(network, { namespace, trace, to: endpointsOf(port) }),
  };
}

function isPortal(step: Trace["steps"][number]): step is RuleStep {
  return step.kind === "rule" && /^KUBE-(PORTALS|NODEPORT)-(CONTAINER|HOST)$/.test(step.chain);
}

interface Dialled {
  readonly service: Service;
  readonly port: ServicePort;
}

function servicePortDialled(
  { topology }: Network,
  { protocol, destination }: PredictedTuple,
): Dialled | undefined {
  for (const service of topology.services) {
    const virtual = [...service.clusterIPs, ...service.externalIPs, ...service.loadBalancerIPs];
    const isVirtual = virtual.includes(destination.address);
    const port = service.ports.find(
      (candidate) =>
        candidate.protocol === protocol &&
        (isVirtual ? candidate.port : candidate.nodePort) === destination.port,
    );
    if (port) return { service, port };
  }
  return undefined;
}

function endpointsOf({ service, port }: Dialled): readonly Target[] {
  return service.endpoints
    .filter(({ ready }) => ready)
    .map((endpoint) => ({ address: endpoint.address, port: endpoint.port ?? port.targetPort }));
}

/** A hostNetwork pod that is a proxy, by the ports it listens on. */
function ingressOn(network: Network, { namespace, trace }: Delivery): Proxy | undefined {
  const pod = network.topology.pods.find(
    ({ node, hostNetwork, ports }) =>
      hostNetwork && node === namespace.name && ports.some((port) => port === portOf(trace)),
  );
  return pod && ingressTo(network, { namespace, trace, pod });
}

const portOf = ({ final }: Trace): PredictedTuple["source"]["port"] => final.destination.port;

function ingressIn(network: Network, { namespace, trace }: Delivery): Proxy | undefined {
  const pod = network.topology.pods.find(({ name }) => name === namespace.name);
  return pod && ingressTo(network, { namespace, trace, pod });
}

/** Controllers keep the endpoints' own addresses and dial those, not the Service's. */
function ingressTo(
  network: Network,
  { namespace, trace, pod }: Delivery & { readonly pod: Pod },
): Proxy | undefined {
  const service = network.topology.services.find(({ name }) => name === pod.proxyFor);
  if (service === undefined) return undefined;
  const to = service.ports
    .filter(({ protocol }) => protocol === trace.final.protocol)
    .flatMap((port) => endpointsOf({ service, port }));
  return { program: "ingress", dials: dialsTo(network, { namespace, trace, to }) };
}

/** Where Envoy dials from, so that the rules know its connections (istio pilot, InboundPassthrough). */
const SIDECAR_SOURCE = { ipv4: "127.0.0.6", ipv6: "::6" } as const;

function sidecarOf(network: Network, { namespace, trace }: Delivery): Proxy | undefined {
  const pod = network.topology.pods.find(({ name }) => name === namespace.name);
  const { protocol, destination } = trace.first;
  if (pod?.sidecar === undefined || trace.final.destination.port !== pod.sidecar.inboundPort) {
    return undefined;
  }
  if (destination.port === pod.sidecar.inboundPort) return undefined;
  const dial: Dial = {
    from: { kind: "pod", name: pod.name },
    tuple: {
      protocol,
      source: { address: SIDECAR_SOURCE[network.family], port: "any" },
      destination: { address: pod.address, port: destination.port },
    },
  };
  return { program: "sidecar", dials: [dial] };
}

interface Target {
  readonly address: Address;
  readonly port: number;
}

function dialsTo(
  network: Network,
  { namespace, trace, to }: Delivery & { readonly to: readonly Target[] },
): readonly Dial[] {
  const state = stateOf(network, namespace);
  const from: Party = namespace;
  return to.flatMap((destination): Dial[] => {
    const address = state && sourceAddressFor(state, destination.address);
    if (address === undefined) return [];
    const { protocol } = trace.final;
    return [{ from, tuple: { protocol, source: { address, port: "any" }, destination } }];
  });
}
