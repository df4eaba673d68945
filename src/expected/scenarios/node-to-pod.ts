import { FROM_OUTSIDE, toPod, toRemotePod } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const TO_POD = {
  dialled: "pod",
  outcome: "answered",
  source: "client",
} as const satisfies Partial<PathRow>;

const ROUTE_SOURCE = "linux net/ipv4/fib_semantics.c fib_info_update_nhc_saddr";

const WITHOUT = {
  "cni-bridge": "with the CNI bridge plugin's rules",
  "no-masquerade": "without rules",
} as const;

export default defineScenario({
  name: "node-to-pod",
  title: "a node, or a machine with a route to it, dials a pod's own address",
  question: "why does the pod see 10.x.y.1 or 10.x.y.0, although nothing is masqueraded?",
  target: "path",
  explanation:
    "A process that names no source address gets that of the device it leaves by: cni0's for a pod of its " +
    "own node (kubelet's probes come from there), flannel.1's for a pod of another node by VXLAN. It looks like " +
    "masquerading and is none: the address is chosen before the packet exists. A program that binds " +
    "itself to the node's address keeps it towards its own pods; towards those of other nodes flannel " +
    "masquerades it. A machine outside that has a route to the pods is left alone as well.",
  paths: [
    {
      ...TO_POD,
      client: "node",
      endpoint: "same-node",
      name: "process on a node to a pod of that node",
      points: toPod("client"),
      rules: [],
      why: "the source is cni0's address: the route's, not a rule's",
      reference: ROUTE_SOURCE,
    },
    {
      ...TO_POD,
      client: "node",
      endpoint: "other-node",
      policy: "vxlan",
      name: "process on a node to a pod of another node, by VXLAN",
      points: toRemotePod("client"),
      rules: [],
      why: "the source is flannel.1's address, which ends in .0: the route's, not a rule's",
      reference: ROUTE_SOURCE,
    },
    {
      ...TO_POD,
      client: "node",
      endpoint: "other-node",
      policy: "flannel",
      name: "process on a node to a pod of another node, by routes, with flannel's rules",
      source: "transit:*",
      points: toRemotePod("transit:*"),
      rules: [
        "nat FLANNEL-POSTRTG   ! -s CLUSTER-CIDR -d CLUSTER-CIDR -j MASQUERADE --random-fully",
      ],
      why: "eth0's address is masqueraded with itself, which changes nothing but the port",
      reference: "flannel pkg/trafficmngr/iptables/iptables.go",
    },
    ...(["cni-bridge", "no-masquerade"] as const).map((policy): PathRow => ({
      ...TO_POD,
      client: "node",
      endpoint: "other-node",
      policy,
      name: `process on a node to a pod of another node, by routes, ${WITHOUT[policy]}`,
      points: toRemotePod("client"),
      rules: [],
      why: "the source is eth0's address, by which it leaves",
      reference: ROUTE_SOURCE,
    })),
    {
      ...TO_POD,
      client: "external",
      endpoint: "same-node",
      name: "machine outside with a route to the pod",
      points: [...FROM_OUTSIDE, ...toPod("client")],
      rules: ["nat FLANNEL-POSTRTG   ! -s CLUSTER-CIDR -d POD-CIDR -j RETURN"],
      why: "the pod's node routes it; the answer goes the same way back and is no new connection to masquerade",
      reference: "flannel pkg/trafficmngr/iptables/iptables.go",
    },
  ],
});
