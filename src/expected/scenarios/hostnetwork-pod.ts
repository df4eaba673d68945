import { FLANNEL_LEAVES } from "./kube-rules.js";
import { FROM_POD, FROM_POD_ELSEWHERE, shown } from "./legs.js";
import { defineScenario } from "./scenario.js";

export default defineScenario({
  name: "hostnetwork-pod",
  title: "a pod dials a hostNetwork pod: of its own node, or of another one",
  question:
    "why does the server see the pod's address from its own node and a node's from another?",
  target: "path",
  explanation:
    "To its own node a pod's packet is delivered from the bridge, nothing is forwarded and nothing is " +
    "translated: the server sees the pod. Another node's address is not one of the cluster's pods, so to " +
    "flannel the packet leaves the cluster: the pod's own node gives it its own address and a random " +
    "port, and that is what the server sees.",
  paths: [
    {
      client: "pod-same-node",
      dialled: "hostNetwork",
      endpoint: "host-network",
      name: "pod on the same node to node:port",
      outcome: "answered",
      source: "client",
      points: [...FROM_POD, ...shown("bridge", "client > dialled")],
      rules: [],
      why: "delivered on INPUT, which no source translation follows",
      reference: "Kubernetes API reference, PodSpec.hostNetwork",
    },
    {
      client: "pod-other-node",
      dialled: "hostNetwork",
      endpoint: "host-network",
      name: "pod on another node to node:port",
      outcome: "answered",
      source: "client-node:*",
      points: FROM_POD_ELSEWHERE,
      rules: [FLANNEL_LEAVES],
      why: "a node's address is outside the cluster's CIDR, so the pod's own node masquerades",
      reference: "flannel pkg/trafficmngr/iptables/iptables.go",
    },
  ],
});
