import { FROM_POD, shown } from "./legs.js";
import type { PathRow, RowEnd } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const OUT = {
  client: "pod",
  dialled: "outside",
  endpoint: "outside",
  outcome: "answered",
} as const satisfies Partial<PathRow>;

function leaving(source: RowEnd) {
  return [
    ...FROM_POD,
    ...shown("bridge", "client > dialled"),
    ...shown(["uplink", "server"], `${source} > dialled`),
  ];
}

export default defineScenario({
  name: "pod-egress",
  title: "a pod dials out of the cluster",
  question: "does the world see the node's address?",
  target: "path",
  explanation:
    "A pod's address means nothing outside the cluster: nobody there has a route back to it. So whoever " +
    "runs the pods' network masquerades what leaves for anywhere but the cluster's own addresses, with " +
    "the address of the node's uplink. flannel draws the port at random; the CNI bridge plugin's ipMasq " +
    "keeps it where it is free. If the pod's own address shows up at the server, the rule is missing, and " +
    "the answers go astray.",
  paths: [
    {
      ...OUT,
      policy: "flannel",
      name: "pod to a server outside, masqueraded by flannel",
      source: "node:*",
      points: leaving("node:*"),
      rules: [
        "nat FLANNEL-POSTRTG   -s CLUSTER-CIDR ! -d 224.0.0.0/4 -j MASQUERADE --random-fully",
      ],
      why: "the destination is not of the cluster",
      reference: "flannel pkg/trafficmngr/iptables/iptables.go",
    },
    {
      ...OUT,
      policy: "cni-bridge",
      name: "pod to a server outside, masqueraded by the CNI bridge plugin",
      source: "node",
      points: leaving("node"),
      rules: [
        "nat POSTROUTING       -s POD -j CNI-…",
        "nat CNI-…             -d POD-CIDR -j ACCEPT    (not this packet)",
        "nat CNI-…             ! -d 224.0.0.0/4 -j MASQUERADE",
      ],
      why: "each pod has a chain of its own; what is not for its own subnet is masqueraded",
      reference: "containernetworking/plugins pkg/ip/ipmasq_iptables_linux.go",
    },
  ],
});
