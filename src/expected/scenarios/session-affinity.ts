import {
  CHOOSE,
  enter,
  KUBE_PROXY,
  MARK_ALL,
  EXT_TO_SVC,
  MASQUERADE,
  NOT_MARKED,
} from "./kube-rules.js";
import {
  FROM_OUTSIDE,
  FROM_POD,
  OVER_THE_BRIDGE,
  toNeighbour,
  toPod,
  toRemotePod,
} from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const REMEMBERED =
  "nat KUBE-SVC-…        -m recent --rcheck --seconds N -j KUBE-SEP-…    (not the first time)";
const REMEMBER = "nat KUBE-SEP-…        -m recent --set -j DNAT --to-destination POD:PORT";

const STICKY = {
  policy: "Cluster",
  outcome: "answered",
  reference: KUBE_PROXY,
} as const satisfies Partial<PathRow>;

const FROM_A_POD = [...enter("PREROUTING", "cluster-ip"), REMEMBERED, CHOOSE, REMEMBER, NOT_MARKED];
const FROM_A_STRANGER = [
  ...enter("PREROUTING", "node-port"),
  MARK_ALL,
  EXT_TO_SVC,
  REMEMBERED,
  CHOOSE,
  REMEMBER,
  MASQUERADE,
];

export default defineScenario({
  name: "session-affinity",
  title: "a client dials a Service with sessionAffinity ClientIP, again and again",
  question: "does it get the same endpoint each time, and what counts as the same client?",
  target: "path",
  about: "session-affinity",
  explanation:
    "The first connection picks an endpoint by chance and the rules remember the client's address with it " +
    "(-m recent, by name of the endpoint's chain); for as long as the timeout lasts, later ones go there " +
    "too. What is remembered is the address that the node's rules see: all clients behind one NAT are one " +
    "client, all pods of another node that dial a NodePort are that node. Every node remembers for " +
    "itself, so a client that comes in by two nodes may get two endpoints. The source is translated, or " +
    "not, as without affinity.",
  paths: [
    {
      ...STICKY,
      client: "pod",
      dialled: "cluster-ip",
      endpoint: "same-node",
      name: "pod to ClusterIP with affinity, endpoint on its own node",
      source: "client",
      points: [...FROM_POD, ...toNeighbour("client")],
      rules: FROM_A_POD,
      why: "the pod's own node remembers the pod's address",
    },
    {
      ...STICKY,
      client: "pod",
      dialled: "cluster-ip",
      endpoint: "other-node",
      name: "pod to ClusterIP with affinity, endpoint on another node",
      source: "client",
      points: [...FROM_POD, ...OVER_THE_BRIDGE, ...toRemotePod("client")],
      rules: FROM_A_POD,
      why: "the pod's own node remembers the pod's address",
    },
    {
      ...STICKY,
      client: "external",
      dialled: "node-port",
      endpoint: "same-node",
      name: "external client to node:nodePort with affinity, endpoint on that node",
      source: "bridge:*",
      points: [...FROM_OUTSIDE, ...toPod("bridge:*", "client")],
      rules: FROM_A_STRANGER,
      why: "remembered by the client's address before it is masqueraded",
    },
    {
      ...STICKY,
      client: "external",
      dialled: "node-port",
      endpoint: "other-node",
      name: "external client to node:nodePort with affinity, endpoint on another node",
      source: "transit:*",
      points: [...FROM_OUTSIDE, ...toRemotePod("transit:*")],
      rules: FROM_A_STRANGER,
      why: "remembered by the client's address before it is masqueraded",
    },
  ],
});
