import {
  CHOOSE_LOCAL,
  KUBE_PROXY,
  MASQUERADE,
  NOT_MARKED,
  OWN_ENDPOINT,
  TO_ENDPOINT,
} from "./kube-rules.js";
import { FROM_OUTSIDE, FROM_POD, FROM_PROCESS, shownAlone, toNeighbour, toPod } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const TO_VIP = {
  dialled: "cluster-ip",
  policy: "Local",
  reference: KUBE_PROXY,
} as const satisfies Partial<PathRow>;

const TO_LOCAL = "nat KUBE-SERVICES     -d CLUSTER-IP -p tcp --dport PORT -j KUBE-SVL-…";
const FOREIGN = "nat KUBE-SVL-…        ! -s CLUSTER-CIDR -j KUBE-MARK-MASQ";
const DROPPED = ["filter KUBE-SERVICES  -d CLUSTER-IP (no local endpoint) -j DROP"];

export default defineScenario({
  name: "clusterip-local",
  title: "somebody dials a ClusterIP (internalTrafficPolicy Local)",
  question: "why does the same Service answer on one node and not on another?",
  target: "path",
  explanation:
    "With internalTrafficPolicy Local a node's rules know its own endpoints only. Where there is one the " +
    "source is treated as ever: pods keep theirs, the node's own processes are masqueraded. Where there " +
    "is none the packet is dropped without a word, even if other nodes have endpoints: the connection " +
    "hangs instead of being refused, which looks like a broken network and is what was asked for.",
  paths: [
    {
      ...TO_VIP,
      client: "pod",
      endpoint: "same-node",
      name: "pod to ClusterIP (Local), endpoint on its own node",
      outcome: "answered",
      source: "client",
      points: [...FROM_POD, ...toNeighbour("client")],
      rules: [TO_LOCAL, CHOOSE_LOCAL, TO_ENDPOINT, NOT_MARKED],
      why: "the endpoint is a neighbour on the bridge, and the client is of the cluster",
    },
    {
      ...TO_VIP,
      client: "pod",
      endpoint: "itself",
      name: "pod to ClusterIP (Local), itself the endpoint",
      outcome: "answered",
      source: "bridge:*",
      points: [...FROM_POD, ...toNeighbour("bridge:*")],
      rules: [TO_LOCAL, CHOOSE_LOCAL, OWN_ENDPOINT, TO_ENDPOINT, MASQUERADE],
      why: "a pod drops packets from its own address",
    },
    {
      ...TO_VIP,
      client: "node",
      endpoint: "same-node",
      name: "process on a node to ClusterIP (Local), endpoint on that node",
      outcome: "answered",
      source: "bridge:*",
      points: [...FROM_PROCESS, ...toPod("bridge:*", "client")],
      rules: [TO_LOCAL, FOREIGN, CHOOSE_LOCAL, TO_ENDPOINT, MASQUERADE],
      why: "a node's address is not in the cluster's CIDR",
    },
    {
      ...TO_VIP,
      client: "external",
      endpoint: "same-node",
      name: "machine that routes ClusterIPs by a node, endpoint on that node",
      outcome: "answered",
      source: "bridge:*",
      points: [...FROM_OUTSIDE, ...toPod("bridge:*", "client")],
      rules: [TO_LOCAL, FOREIGN, CHOOSE_LOCAL, TO_ENDPOINT, MASQUERADE],
      why: "the client is not in the cluster's CIDR",
    },
    {
      ...TO_VIP,
      client: "external",
      endpoint: "none",
      name: "machine that routes ClusterIPs by a node, no endpoint on that node",
      outcome: "dropped",
      source: undefined,
      points: FROM_OUTSIDE.map((point) => ({ ...point, reply: undefined })),
      rules: DROPPED,
      why: "endpoints of other nodes do not count, and nobody is told",
    },
    {
      ...TO_VIP,
      client: "pod",
      endpoint: "none",
      name: "pod to ClusterIP (Local), no endpoint on its node",
      outcome: "dropped",
      source: undefined,
      points: [
        ...FROM_POD.map((point) => ({ ...point, reply: undefined })),
        ...shownAlone("bridge", "client > dialled"),
      ],
      rules: DROPPED,
      why: "endpoints of other nodes do not count, and nobody is told",
    },
    {
      ...TO_VIP,
      client: "node",
      endpoint: "none",
      name: "process on a node to ClusterIP (Local), no endpoint on that node",
      outcome: "dropped",
      source: undefined,
      points: FROM_PROCESS,
      rules: DROPPED,
      why: "dropped in OUTPUT, before any device: no capture shows it",
    },
  ],
});
