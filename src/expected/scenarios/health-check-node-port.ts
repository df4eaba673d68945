import { FLANNEL_LEAVES } from "./kube-rules.js";
import { FROM_OTHER_NODE, FROM_OUTSIDE, FROM_POD, FROM_POD_ELSEWHERE, shown } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const ACCEPTED = "filter KUBE-NODEPORTS  -p tcp --dport HEALTH-CHECK-NODE-PORT -j ACCEPT";

const CHECK = {
  dialled: "health-check-node-port",
  endpoint: "host-network",
  outcome: "answered",
  source: "client",
  rules: [ACCEPTED],
  reference: "kubernetes v1.28.7 pkg/proxy/healthcheck/service_health.go",
} as const satisfies Partial<PathRow>;

export default defineScenario({
  name: "health-check-node-port",
  title: "a balancer asks a node's healthCheckNodePort",
  question: "who answers 200 or 503, and is anything translated?",
  target: "path",
  explanation:
    "With externalTrafficPolicy Local a balancer must know which nodes have an endpoint. kube-proxy itself " +
    "listens on the healthCheckNodePort of every node and answers in HTTP: 200 with the number of local " +
    "endpoints, 503 where there is none. Nothing is translated and no pod takes part; a 503 means that " +
    "the node is to be left out, not that anything is broken.",
  paths: [
    {
      ...CHECK,
      client: "external",
      name: "balancer to node:healthCheckNodePort",
      points: FROM_OUTSIDE,
      why: "a socket of the node's own; the filter rule lets it in past a closed firewall",
    },
    {
      ...CHECK,
      client: "other-node",
      name: "process on another node to node:healthCheckNodePort",
      points: FROM_OTHER_NODE,
      why: "a socket of the node's own",
    },
    {
      ...CHECK,
      client: "own-address",
      name: "process on the node, by its own address",
      points: shown("loopback", "client > dialled"),
      why: "an address of one's own is reached by lo",
    },
    {
      ...CHECK,
      client: "localhost",
      name: "process on the node, by 127.0.0.1",
      points: shown("loopback", "client > dialled"),
      why: "both ends are sockets of the node",
    },
    {
      ...CHECK,
      client: "pod-same-node",
      name: "pod on the same node to node:healthCheckNodePort",
      points: [...FROM_POD, ...shown("bridge", "client > dialled")],
      why: "delivered on INPUT, which no source translation follows",
    },
    {
      ...CHECK,
      client: "pod-other-node",
      name: "pod on another node to node:healthCheckNodePort",
      source: "client-node:*",
      points: FROM_POD_ELSEWHERE,
      rules: [FLANNEL_LEAVES, ACCEPTED],
      why: "the pod's own node masquerades what leaves the cluster's addresses",
    },
  ],
});
