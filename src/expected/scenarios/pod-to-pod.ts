import { BRIDGED, encapsulated, FROM_POD, shown } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const PODS = {
  client: "pod",
  dialled: "pod",
  outcome: "answered",
  source: "client",
} as const satisfies Partial<PathRow>;

const UNMASKED = ["nat FLANNEL-POSTRTG   -s POD-CIDR -d CLUSTER-CIDR -j RETURN"];

export default defineScenario({
  name: "pod-to-pod",
  title: "a pod dials another pod by its address",
  question: "is nothing translated between pods, on one node or across nodes?",
  target: "path",
  explanation:
    "Kubernetes asks of a network that pods reach each other without NAT, and this is what it looks like: " +
    "one tuple from end to end. On one node the bridge carries it and no routing takes place. To another " +
    "node it is routed to the overlay, travels in a VXLAN packet between the nodes' addresses (UDP 8472 " +
    "with flannel) and is unpacked there; or, where the backend is routes alone, it crosses the nodes' " +
    "network as it is. flannel masquerades what leaves the cluster and makes an exception for exactly this.",
  paths: [
    {
      ...PODS,
      endpoint: "same-node",
      name: "pod to pod on one node",
      points: [...FROM_POD, ...BRIDGED],
      rules: [],
      why: "the bridge carries it like any switch",
      reference: "linux net/bridge/br_input.c br_handle_frame_finish",
    },
    {
      ...PODS,
      endpoint: "other-node",
      policy: "vxlan",
      name: "pod to pod on another node, by VXLAN",
      points: [
        ...FROM_POD,
        ...shown(["bridge", "overlay"], "client > endpoint"),
        ...encapsulated(["uplink", "endpoint-uplink"], "client > endpoint"),
        ...shown(["endpoint-overlay", "endpoint-bridge", "veth", "pod"], "client > endpoint"),
      ],
      rules: UNMASKED,
      why: "both addresses are the cluster's; the uplinks show them inside a packet between the nodes",
      reference: "flannel pkg/backend/vxlan; pkg/trafficmngr/iptables/iptables.go",
    },
    {
      ...PODS,
      endpoint: "other-node",
      policy: "routed",
      name: "pod to pod on another node, by routes",
      points: [
        ...FROM_POD,
        ...shown(
          ["bridge", "uplink", "endpoint-uplink", "endpoint-bridge", "veth", "pod"],
          "client > endpoint",
        ),
      ],
      rules: UNMASKED,
      why: "each node has a route to the other's pods by the other's address; nothing is wrapped",
      reference: "flannel pkg/backend/hostgw; pkg/trafficmngr/iptables/iptables.go",
    },
  ],
});
