/** One way into, through or out of a node, and what every capture point on it shows. */
import type { ClientClass } from "./client-class.js";

/**
 * Who dials. The classes of a hostPort are told from the node that is dialled; `pod`, `node` and
 * `container` are used where the client's own node handles what it dials, as a ClusterIP.
 */
export type PathClient = ClientClass | "pod" | "node" | "container" | "container-other-network";

/** What is dialled. */
export type Dialled =
  | "hostPort"
  | "hostNetwork"
  | "published-port"
  | "cluster-ip"
  | "node-port"
  | "external-ip"
  | "load-balancer-ip"
  | "health-check-node-port"
  | "pod"
  | "node"
  | "loopback"
  | "outside";

/**
 * Where the connection ends, seen from the node that handles it first: `host-network` is a process
 * of that node, `other-host-network` one of another node; `none` where it ends nowhere.
 */
export type EndpointPlace =
  | "same-node"
  | "other-node"
  | "itself"
  | "outside"
  | "host-network"
  | "other-host-network"
  | "none";

/** What, beside client, dialled and endpoint, decides which rules a packet meets. */
export type Policy =
  | "Cluster"
  | "Local"
  /** No endpoint that is ready, on any node. */
  | "no-endpoints"
  /** The client is in none of the Service's `loadBalancerSourceRanges`. */
  | "source-range"
  | "userland-proxy"
  | "no-userland-proxy"
  /** How pods of other nodes are reached. */
  | "vxlan"
  | "routed"
  /** Who masquerades what leaves the cluster. */
  | "flannel"
  | "cni-bridge"
  | "no-masquerade";

/**
 * An address of a row. `client` is the socket that dials, `dialled` what it dials, `endpoint` where
 * the packet arrives; `bridge` and `node` are addresses of the handling
 * node's bridge and uplink, `transit` the one it sends from to pods of other nodes: its overlay's,
 * or its uplink's where pods are routed; `client-node` is the uplink address of the client's node.
 */
export type RowPlace =
  | "client"
  | "dialled"
  | "endpoint"
  | "bridge"
  | "transit"
  | "node"
  | "client-node";

/** A port that is not written is the client's own, or the one dialled; `:*` is drawn at random. */
export type RowEnd = RowPlace | `${RowPlace}:*`;

/** Source and destination. */
export type RowTuple = `${RowEnd} > ${RowEnd}`;

/**
 * Capture points from the client to the endpoint. Those without a word in front are on the node that
 * handles the packet first; `client-` and `endpoint-` are on the client's or the endpoint's node
 * where that is another one. `veth` and `pod` are the endpoint's.
 */
export type PathPointName =
  | "client"
  | "client-pod"
  | "client-veth"
  | "client-bridge"
  | "client-overlay"
  | "client-uplink"
  | "uplink"
  | "loopback"
  | "overlay"
  | "bridge"
  | "endpoint-uplink"
  | "endpoint-overlay"
  | "endpoint-bridge"
  | "endpoint-loopback"
  | "veth"
  | "pod"
  | "pod-loopback"
  | "server";

/** One tuple of requests, its counterpart of replies, at one kind of capture point. */
export interface PathPoint {
  readonly at: PathPointName;
  readonly request: RowTuple | undefined;
  readonly reply: RowTuple | undefined;
  readonly form: TupleForm;
  /** `may`: it depends on the capture, as `why` says. A point without a row shows nothing. */
  readonly seen: "must" | "may" | "never";
  readonly why: string | undefined;
}

/**
 * `vxlan`: inside VXLAN where nodes reach each other's pods by an overlay, bare where they route.
 * `icmp`: an ICMP error in place of a reply, from the first address to the second.
 */
export type TupleForm = "plain" | "vxlan" | "icmp";

export type PathOutcome =
  | "answered"
  | "dropped"
  | "rejected"
  /** The answer reaches the client from an address that it never dialled. */
  | "unrecognised";

export interface PathRow {
  readonly client: PathClient;
  readonly dialled: Dialled;
  readonly endpoint: EndpointPlace;
  /** Undefined: the row holds whatever it is. */
  readonly policy?: Policy;
  /** A sentence about traffic. */
  readonly name: string;
  readonly outcome: PathOutcome;
  /** What the server sees as its client; undefined where none sees anything. */
  readonly source: RowEnd | undefined;
  readonly points: readonly PathPoint[];
  /** The rules that do it, as the packet meets them. */
  readonly rules: readonly string[];
  readonly why: string;
  readonly reference: string;
}

export interface End {
  readonly place: RowPlace;
  readonly port: "kept" | "random";
}

export function readEnd(end: RowEnd): End {
  const [place, port] = end.split(":") as [RowPlace, string | undefined];
  return { place, port: port === undefined ? "kept" : "random" };
}

export function endsOf(tuple: RowTuple): { readonly source: End; readonly destination: End } {
  const [source, destination] = tuple.split(" > ") as [RowEnd, RowEnd];
  return { source: readEnd(source), destination: readEnd(destination) };
}

export function reversed(tuple: RowTuple): RowTuple {
  const [source, destination] = tuple.split(" > ") as [RowEnd, RowEnd];
  return `${destination} > ${source}`;
}
