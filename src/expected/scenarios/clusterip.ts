import {
  CHOOSE,
  enter,
  FOREIGN_SOURCE,
  KUBE_PROXY,
  MASQUERADE,
  NOT_MARKED,
  OWN_ENDPOINT,
  TO_ENDPOINT,
} from "./kube-rules.js";
import {
  FROM_OUTSIDE,
  FROM_POD,
  FROM_PROCESS,
  OVER_THE_BRIDGE,
  toNeighbour,
  toPod,
  toRemotePod,
} from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const TO_VIP = {
  dialled: "cluster-ip",
  policy: "Cluster",
  outcome: "answered",
  reference: KUBE_PROXY,
} as const satisfies Partial<PathRow>;

const KEPT = [...enter("PREROUTING", "cluster-ip"), CHOOSE, TO_ENDPOINT, NOT_MARKED];
const MASKED = [FOREIGN_SOURCE, CHOOSE, TO_ENDPOINT, MASQUERADE];

export default defineScenario({
  name: "clusterip",
  title: "somebody dials a ClusterIP",
  question: "does the pod see the client pod's own address?",
  target: "path",
  explanation:
    "A ClusterIP is nobody's address; the rules of the client's own node turn it into an endpoint before " +
    "the packet goes anywhere. A pod of the cluster keeps its address: the endpoint answers it by the " +
    "pods' own network, the answer passes the client's node, and there the endpoint's address turns back " +
    "into the ClusterIP. With both pods on one bridge that works because bridge-nf shows the answer to " +
    "the rules. Whoever is not of the cluster's CIDR (a process of a node, a machine that uses the node " +
    "as its router) is masqueraded, and so is a pod that meets itself. The ClusterIP as a destination is " +
    "visible only in the client's pod and on its veth: the bridge already shows the endpoint.",
  paths: [
    {
      ...TO_VIP,
      client: "pod",
      endpoint: "same-node",
      name: "pod to ClusterIP, endpoint on its own node",
      source: "client",
      points: [...FROM_POD, ...toNeighbour("client")],
      rules: KEPT,
      why: "from one port of the bridge to another; bridge-nf lets the rules see the answer, which turns its source back",
    },
    {
      ...TO_VIP,
      client: "pod",
      endpoint: "other-node",
      name: "pod to ClusterIP, endpoint on another node",
      source: "client",
      points: [...FROM_POD, ...OVER_THE_BRIDGE, ...toRemotePod("client")],
      rules: KEPT,
      why: "pods reach each other without translation, so the answer comes back to the client's node by itself",
    },
    {
      ...TO_VIP,
      client: "pod",
      endpoint: "itself",
      name: "pod to ClusterIP, itself the endpoint",
      source: "bridge:*",
      points: [...FROM_POD, ...toNeighbour("bridge:*")],
      rules: [...enter("PREROUTING", "cluster-ip"), CHOOSE, OWN_ENDPOINT, TO_ENDPOINT, MASQUERADE],
      why: "a pod drops packets from its own address, so the endpoint's own rule marks it",
    },
    {
      ...TO_VIP,
      client: "node",
      endpoint: "same-node",
      name: "process on a node to ClusterIP, endpoint on that node",
      source: "bridge:*",
      points: [...FROM_PROCESS, ...toPod("bridge:*", "client")],
      rules: [...enter("OUTPUT", "cluster-ip"), ...MASKED],
      why: "a node's address is not in the cluster's CIDR",
    },
    {
      ...TO_VIP,
      client: "node",
      endpoint: "other-node",
      name: "process on a node to ClusterIP, endpoint on another node",
      source: "transit:*",
      points: [...FROM_PROCESS, ...toRemotePod("transit:*")],
      rules: [...enter("OUTPUT", "cluster-ip"), ...MASKED],
      why: "a node's address is not in the cluster's CIDR; its overlay's address is what the pods' network answers",
    },
    {
      ...TO_VIP,
      client: "external",
      endpoint: "same-node",
      name: "machine that routes ClusterIPs by a node, endpoint on that node",
      source: "bridge:*",
      points: [...FROM_OUTSIDE, ...toPod("bridge:*", "client")],
      rules: [...enter("PREROUTING", "cluster-ip"), ...MASKED],
      why: "the client is not in the cluster's CIDR; without kube-proxy's --cluster-cidr it would be kept",
    },
    {
      ...TO_VIP,
      client: "external",
      endpoint: "other-node",
      name: "machine that routes ClusterIPs by a node, endpoint on another node",
      source: "transit:*",
      points: [...FROM_OUTSIDE, ...toRemotePod("transit:*")],
      rules: [...enter("PREROUTING", "cluster-ip"), ...MASKED],
      why: "the client is not in the cluster's CIDR; the answer has to come back by this node",
    },
  ],
});
