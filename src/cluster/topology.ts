/** Nodes, pods and clients, as a topology file or flags tell them. */
import type { Address } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";
import type { KubeProxy, Service } from "./service.js";

export interface Topology {
  readonly nodes: readonly Node[];
  /** Pods, and containers that Docker runs. A dual-stack pod is there twice, once for each address. */
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly clients: readonly ExternalClient[];
  /** All pods of all nodes. */
  readonly clusterCIDR: Prefix | undefined;
  /** Of the other address family, on a dual-stack cluster. */
  readonly secondaryClusterCIDR?: Prefix | undefined;
  /** Version of the CNI portmap plugin that wrote the rules, `1.1.1`. */
  readonly portmap: string | undefined;
  /** Undefined: as kube-proxy starts by default. */
  readonly kubeProxy: KubeProxy | undefined;
  /** Undefined: VXLAN where a node has an overlay interface, else routed. */
  readonly podNetwork: PodNetwork | undefined;
  /** What whoever made the topology had to assume. */
  readonly assumptions?: readonly string[];
  /** Made from nodes' own state; undefined where somebody told it. */
  readonly derived?: Derived;
}

/**
 * No rule names a pod, and none leads to most of them: such a topology knows pods by their addresses, and
 * of programs on a node itself nothing.
 */
export interface Derived {
  readonly unclear: readonly Unclear[];
}

/** What the nodes' state does not tell clearly, and so is left out. */
export interface Unclear {
  /** A sentence: what, and why. */
  readonly says: string;
  /** Those that are dialled for it; undefined: it may be any port of a node. */
  readonly ports: readonly number[] | undefined;
}

/** How pods of one node reach those of another, and the world. */
export interface PodNetwork {
  /** `host-gw`: by routes over the nodes' own link. */
  readonly backend: "vxlan" | "host-gw";
  /** Who gives packets that leave the cluster an address of the node. */
  readonly masquerade: "flannel" | "cni-bridge" | "none";
}

export interface Node {
  readonly name: string;
  /** Addresses other machines reach it by; those of its bridge and overlay are with the interfaces. */
  readonly addresses: readonly Address[];
  readonly podCIDR: Prefix | undefined;
  /** Of the other address family, on a dual-stack cluster. */
  readonly secondaryPodCIDR?: Prefix | undefined;
  /** `topology.kubernetes.io/zone`. */
  readonly zone?: string | undefined;
  readonly interfaces: readonly Interface[];
  /** Undefined on a node without Docker's own networks. */
  readonly docker: Docker | undefined;
}

/** Docker's networking on one node. */
export interface Docker {
  /** `26.1.4`; the newest that is modelled when undefined. */
  readonly version: string | undefined;
  /** `userland-proxy`, true unless daemon.json says otherwise. */
  readonly userlandProxy: boolean;
  readonly networks: readonly DockerNetwork[];
}

export interface DockerNetwork {
  /** As `docker network ls` names it. */
  readonly name: string;
  /** The interface, `docker0` or `br-…`. */
  readonly bridge: string;
  readonly subnet: Prefix;
  /** The bridge's own address. */
  readonly gateway: Address;
}

/** What a capture on an interface can show depends on its kind, not on its name. */
export const INTERFACE_KINDS = ["uplink", "bridge", "veth", "overlay", "loopback"] as const;
export type InterfaceKind = (typeof INTERFACE_KINDS)[number];

export interface Interface {
  readonly name: string;
  /** As `ip link` numbers it; Linux cooked v2 captures carry nothing else. */
  readonly index: number | undefined;
  readonly kind: InterfaceKind;
  readonly addresses: readonly Prefix[];
  /** The pod at the other end of a veth. */
  readonly pod: string | undefined;
}

export interface Pod {
  readonly name: string;
  readonly node: string;
  readonly address: Address;
  /** Shares the node's network namespace and so its address. */
  readonly hostNetwork: boolean;
  readonly hostPorts: readonly HostPort[];
  /** Ports a hostNetwork pod listens on. */
  readonly ports: readonly number[];
  /** The Docker network it is on; undefined for a pod. */
  readonly network: string | undefined;
  /** The pod or container whose network namespace it shares (`--net=container:NAME`). */
  readonly sharesNetworkOf: string | undefined;
  /** A sidecar that every connection into the pod is redirected to first. */
  readonly sidecar: Sidecar | undefined;
  /** The Service whose endpoints it dials for its clients, `namespace/name`: a proxy, as an ingress. */
  readonly proxyFor: string | undefined;
  /** It was deleted before the captures ended, so its address no longer serves anything. */
  readonly gone: boolean;
}

/** A pod of which no more is known. */
export function plainPod({ name, node, address }: Pick<Pod, "name" | "node" | "address">): Pod {
  return {
    name,
    node,
    address,
    hostNetwork: false,
    hostPorts: [],
    ports: [],
    network: undefined,
    sharesNetworkOf: undefined,
    sidecar: undefined,
    proxyFor: undefined,
    gone: false,
  };
}

/** An Envoy as Istio installs it: nat PREROUTING of the pod redirects to it. */
export interface Sidecar {
  /** 15006 in Istio. */
  readonly inboundPort: number;
}

/** One `ports[]` entry of a container that has a hostPort. */
export interface HostPort {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp" | "sctp";
  /** The only address of the node that serves the port; undefined means all of them. */
  readonly hostIP: Address | undefined;
}

export interface ExternalClient {
  readonly name: string;
  readonly addresses: readonly Prefix[];
  /** A load balancer that ends its clients' connections and dials NodePorts itself. */
  readonly isBalancer: boolean;
}
