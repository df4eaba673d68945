import { FLANNEL_LEAVES } from "./kube-rules.js";
import {
  FROM_OTHER_NODE,
  FROM_OUTSIDE,
  FROM_POD,
  FROM_POD_ELSEWHERE,
  HALF_DONE,
  shown,
} from "./legs.js";
import type { PathPoint, PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const PROXIED = {
  endpoint: "host-network",
  outcome: "answered",
  source: "client",
  reference: "kubernetes v1.20.2 pkg/proxy/userspace/proxier.go, proxysocket.go",
  why: "kube-proxy accepts it and dials an endpoint itself: to the pod the node is the client",
} as const satisfies Partial<PathRow>;

const FROM_POD_TO_PROXY: readonly PathPoint[] = [
  ...FROM_POD,
  ...shown("bridge", "client > endpoint", "dialled > client").map((point) => ({
    ...point,
    why: HALF_DONE,
  })),
];
const ON_LOOPBACK = shown("loopback", "client > endpoint", "dialled > client");

const CLUSTER_IP =
  "nat KUBE-PORTALS-CONTAINER  -d CLUSTER-IP -p tcp --dport PORT -j REDIRECT --to-ports P";
const NODE_PORT = "nat KUBE-NODEPORT-CONTAINER  -p tcp --dport NODEPORT -j REDIRECT --to-ports P";
const NODE_PORT_HOST = "nat KUBE-NODEPORT-HOST  -p tcp --dport NODEPORT -j DNAT --to NODE:P";

export default defineScenario({
  name: "userspace-proxy",
  title: "kube-proxy in userspace mode ends the connection and dials the endpoint itself",
  question: "why are there two connections, and can one of them fail alone?",
  target: "path",
  about: "userspace",
  explanation:
    "Before the iptables mode kube-proxy was a proxy indeed: a rule redirects what is dialled to a port of " +
    "its own, and for each connection it accepts it opens one to an endpoint. The client's connection " +
    "succeeds although the endpoint may be dead. The pod sees an address of the node (cni0's or " +
    "flannel.1's, by the route) and a new port; the client is lost for good. Removed in Kubernetes 1.26.",
  paths: [
    {
      ...PROXIED,
      client: "pod",
      dialled: "cluster-ip",
      name: "pod to ClusterIP, redirected to kube-proxy",
      points: FROM_POD_TO_PROXY,
      rules: [CLUSTER_IP],
    },
    {
      ...PROXIED,
      client: "node",
      dialled: "cluster-ip",
      name: "process on a node to ClusterIP, sent to kube-proxy",
      points: ON_LOOPBACK,
      rules: ["nat KUBE-PORTALS-HOST  -d CLUSTER-IP -p tcp --dport PORT -j DNAT --to NODE:P"],
    },
    {
      ...PROXIED,
      client: "external",
      dialled: "cluster-ip",
      name: "machine that routes ClusterIPs by a node, redirected to kube-proxy",
      points: FROM_OUTSIDE,
      rules: [CLUSTER_IP],
    },
    {
      ...PROXIED,
      client: "external",
      dialled: "node-port",
      name: "external client to node:nodePort, redirected to kube-proxy",
      points: FROM_OUTSIDE,
      rules: [NODE_PORT],
    },
    {
      ...PROXIED,
      client: "other-node",
      dialled: "node-port",
      name: "process on another node to node:nodePort, redirected to kube-proxy",
      points: FROM_OTHER_NODE,
      rules: [NODE_PORT],
    },
    {
      ...PROXIED,
      client: "own-address",
      dialled: "node-port",
      name: "process on the node to node:nodePort, sent to kube-proxy",
      points: ON_LOOPBACK,
      rules: [NODE_PORT_HOST],
    },
    {
      ...PROXIED,
      client: "localhost",
      dialled: "node-port",
      name: "process on the node to 127.0.0.1:nodePort, sent to kube-proxy",
      points: ON_LOOPBACK,
      rules: [NODE_PORT_HOST],
    },
    {
      ...PROXIED,
      client: "pod-same-node",
      dialled: "node-port",
      name: "pod on the same node to node:nodePort, redirected to kube-proxy",
      points: FROM_POD_TO_PROXY,
      rules: [NODE_PORT],
    },
    {
      ...PROXIED,
      client: "pod-other-node",
      dialled: "node-port",
      name: "pod on another node to node:nodePort, redirected to kube-proxy",
      source: "client-node:*",
      points: FROM_POD_ELSEWHERE,
      rules: [FLANNEL_LEAVES, NODE_PORT],
    },
  ],
});
