/** The words of a scenario file with what they mean, as editors and tables show them. */
import type { ClientClass } from "#expected/scenarios/client-class.js";
import type { Feature } from "#expected/scenarios/features.js";
import type {
  Dialled,
  EndpointPlace,
  PathClient,
  PathOutcome,
  PathPoint,
  PathPointName,
  Policy,
  RowPlace,
  TupleForm,
} from "#expected/scenarios/path-row.js";
import type { End, PointRow, RowPoint } from "#expected/scenarios/scenario.js";

export const HOST_PORT_CLIENTS: Record<ClientClass, string> = {
  external: "outside the cluster",
  "other-node": "a process on another node than the one whose port it is",
  "own-address": "a process on the node, by an address of the node",
  localhost: "a process on the node, by 127.0.0.1",
  hairpin: "the pod that serves it",
  "pod-same-node": "a pod of the node whose port it is",
  "pod-other-node": "a pod of another node",
};

export const CLIENTS: Record<PathClient, string> = {
  ...HOST_PORT_CLIENTS,
  pod: "a pod, of what its own node handles: a ClusterIP, another pod, an address outside",
  node: "a process on a node, of what its own node handles",
  container: "a Docker container",
  "container-other-network": "a container of another Docker network",
};

export const DIALLED: Record<Dialled, string> = {
  hostPort: "a pod's hostPort",
  hostNetwork: "a port of a pod on its node's network",
  "published-port": "a port that Docker publishes",
  "cluster-ip": "a Service's ClusterIP",
  "node-port": "a Service's NodePort",
  "external-ip": "one of a Service's externalIPs",
  "load-balancer-ip": "a Service's load balancer address",
  "health-check-node-port": "a Service's healthCheckNodePort",
  pod: "a pod's own address",
  node: "an address of a node, on a port that nobody claims",
  loopback: "127.0.0.1 in the client's own network namespace",
  outside: "an address outside the cluster",
};

export const ENDPOINTS: Record<EndpointPlace, string> = {
  "same-node": "a pod of the node that handles the packet first",
  "other-node": "a pod of another node",
  itself: "the client itself",
  outside: "an address outside the cluster",
  "host-network": "a process of the node that handles the packet first",
  "other-host-network": "a process of another node",
  none: "nobody: it is dropped or rejected on its way",
};

export const POLICIES: Record<Policy, string> = {
  Cluster: "the Service's traffic policy is Cluster",
  Local: "the Service's traffic policy is Local",
  "no-endpoints": "no endpoint of the Service is ready",
  "source-range": "the client is in none of loadBalancerSourceRanges",
  "userland-proxy": "Docker runs docker-proxy",
  "no-userland-proxy": "Docker runs without docker-proxy",
  vxlan: "pods of other nodes are reached by VXLAN",
  routed: "pods of other nodes are reached by routes",
  flannel: "flannel masquerades what leaves the cluster",
  "cni-bridge": "the CNI bridge plugin masquerades what leaves the cluster",
  "no-masquerade": "nobody masquerades what leaves the cluster",
};

export const FEATURES: Record<Feature, string> = {
  "no-network": "a Docker container without network",
  "docker-host": "a container on its host's network",
  sidecar: "a pod whose sidecar takes what comes in",
  ingress: "to or from a proxy that chooses endpoints itself",
  userspace: "kube-proxy in userspace mode",
  balancer: "from a load balancer that dials a NodePort",
  "session-affinity": "a Service that remembers its clients",
};

export const OUTCOMES: Record<PathOutcome, string> = {
  answered: "it is delivered and its answer comes back",
  dropped: "no answer: the client sends again until it gives up",
  rejected: "refused at once, by a reset or an ICMP error",
  unrecognised: "its answer comes from an address that the client never dialled",
};

export const PATH_POINTS: Record<PathPointName, string> = {
  client: "client",
  "client-pod": "in the client's pod (eth0)",
  "client-veth": "veth of the client's pod",
  "client-bridge": "bridge of the client's node",
  "client-overlay": "overlay of the client's node",
  "client-uplink": "uplink of the client's node",
  uplink: "node's uplink (eth0)",
  loopback: "node's lo",
  overlay: "node's overlay (flannel.1)",
  bridge: "node's bridge (cni0)",
  "endpoint-uplink": "uplink of the pod's node",
  "endpoint-overlay": "overlay of the pod's node",
  "endpoint-bridge": "bridge of the pod's node",
  "endpoint-loopback": "lo of the server's node",
  veth: "pod's veth",
  pod: "in the pod (eth0)",
  "pod-loopback": "in the pod (lo)",
  server: "server outside",
};

/** What the addresses of a tuple stand for. */
export const PLACES: Record<RowPlace, string> = {
  client: "the address and port that dial",
  dialled: "the address and port dialled",
  endpoint: "the address and port that the packet arrives at",
  bridge: "the address of the node's bridge (cni0, docker0), the client's port",
  transit: "the address of the node's overlay (flannel.1), of its uplink where pods are routed",
  node: "the address of the node's uplink (eth0), the client's port",
  "client-node": "the address of the uplink of the client's own node",
};

export const FORMS: Record<TupleForm, string> = {
  plain: "as it is",
  vxlan: "inside VXLAN where pods of other nodes are reached by it, else as it is",
  icmp: "an ICMP error in place of a reply, from the first address to the second",
};

export const SEEN: Record<PathPoint["seen"], string> = {
  must: "every capture that could show it shows it",
  may: "it depends on the capture, as `why` says",
  never: "nothing of the connection is seen here",
};

export const HOST_PORT_POINTS: Record<RowPoint, string> = {
  client: "client",
  "client-pod": "client's pod",
  "client-veth": "veth of the client's pod",
  "client-bridge": "bridge of the client's node",
  "client-uplink": "uplink of the client's node",
  uplink: "node's uplink (eth0)",
  loopback: "node's lo",
  overlay: "node's overlay (flannel.1)",
  bridge: "node's bridge (cni0)",
  veth: "pod's veth",
  pod: "in the pod (eth0)",
};

/** What the ends of a hostPort row's tuples stand for. */
export const ENDS: Record<End, string> = {
  client: "the address and port that dial",
  node: "the node's address and the port dialled",
  pod: "the pod's address and the container's port",
  bridge: "the node's bridge address (cni0) and the client's port",
  localhost: "127.0.0.1 and the client's port",
  "other-node": "the address of the client's own node, any port",
};

export const HOST_PORT_SEEN: Record<PointRow["seen"], string> = {
  always: "every capture that could show it shows it",
  maybe: "it depends on the capture, as `why` says",
  never: "nothing of the connection is seen here",
};

/** The words of one of these, in their order. */
export function wordsOf<Word extends string>(meanings: Record<Word, string>): [Word, ...Word[]] {
  return Object.keys(meanings) as [Word, ...Word[]];
}
