import {
  BRIDGED,
  FROM_OTHER_NODE,
  FROM_OUTSIDE,
  FROM_POD,
  shown,
  toPod,
  toRemotePod,
} from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const LEG = {
  outcome: "answered",
  source: "client",
  rules: [],
  reference: "kubernetes/ingress-nginx docs/user-guide/miscellaneous.md (source IP, endpoints)",
} as const satisfies Partial<PathRow>;

const SECOND = { ...LEG, dialled: "pod" } as const;
const NEW_CONNECTION = "the proxy dials anew: other ports, other sequence numbers, its own address";

export default defineScenario({
  name: "ingress",
  title: "a client reaches a pod through an ingress (layer 7 proxy)",
  question: "why does the pod never see the client, and where is its address then?",
  target: "path",
  about: "ingress",
  explanation:
    "An ingress controller ends the client's connection and opens another one to an endpoint: two TCP " +
    "connections that share nothing at layers 3 and 4. Most controllers dial endpoints directly and not " +
    "the Service. On the first the controller sees the client, on the second the pod sees the controller: " +
    "its pod address, or, with hostNetwork, cni0's or flannel.1's address, because that is what a node's " +
    "process sends from. The client lives on only in X-Forwarded-For or the PROXY header; no rule and no " +
    "traffic policy of the Service behind it can change that.",
  paths: [
    {
      ...LEG,
      client: "external",
      dialled: "hostNetwork",
      endpoint: "host-network",
      name: "external client to a hostNetwork ingress (first connection)",
      points: FROM_OUTSIDE,
      why: "the controller is a process of the node: it sees the client's own address",
    },
    {
      ...LEG,
      client: "other-node",
      dialled: "hostNetwork",
      endpoint: "host-network",
      name: "process on another node to a hostNetwork ingress (first connection)",
      points: FROM_OTHER_NODE,
      why: "the controller is a process of the node: it sees the client's own address",
    },
    {
      ...LEG,
      client: "pod-same-node",
      dialled: "hostNetwork",
      endpoint: "host-network",
      name: "pod on the same node to a hostNetwork ingress (first connection)",
      points: [...FROM_POD, ...shown("bridge", "client > dialled")],
      why: "delivered on INPUT, which no source translation follows",
    },
    {
      ...SECOND,
      client: "node",
      endpoint: "same-node",
      name: "hostNetwork ingress to an endpoint on its node (second connection)",
      points: toPod("client"),
      why: `${NEW_CONNECTION}, which towards its own pods is cni0's`,
    },
    {
      ...SECOND,
      client: "node",
      endpoint: "other-node",
      policy: "vxlan",
      name: "hostNetwork ingress to an endpoint on another node (second connection)",
      points: toRemotePod("client"),
      why: `${NEW_CONNECTION}, which towards other nodes' pods is flannel.1's`,
    },
    {
      ...SECOND,
      client: "pod",
      endpoint: "same-node",
      name: "ingress pod to an endpoint on its node (second connection)",
      points: [...FROM_POD, ...BRIDGED],
      why: NEW_CONNECTION,
    },
    {
      ...SECOND,
      client: "pod",
      endpoint: "other-node",
      name: "ingress pod to an endpoint on another node (second connection)",
      points: [...FROM_POD, ...shown("bridge", "client > endpoint"), ...toRemotePod("client")],
      why: NEW_CONNECTION,
    },
  ],
});
