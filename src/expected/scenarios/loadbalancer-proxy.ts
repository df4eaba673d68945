import {
  CHOOSE,
  CHOOSE_LOCAL,
  enter,
  EXT_TO_LOCAL,
  EXT_TO_SVC,
  KUBE_PROXY,
  MARK_ALL,
  MASQUERADE,
  NOT_MARKED,
  TO_ENDPOINT,
} from "./kube-rules.js";
import { FROM_OUTSIDE, toPod, toRemotePod } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const ENTRY = enter("PREROUTING", "node-port");

const LEG = {
  client: "external",
  dialled: "node-port",
  outcome: "answered",
  reference: KUBE_PROXY,
} as const satisfies Partial<PathRow>;

export default defineScenario({
  name: "loadbalancer-proxy",
  title: "a load balancer that is a proxy dials the NodePort",
  question: "why does the pod see the balancer even with externalTrafficPolicy Local?",
  target: "path",
  about: "balancer",
  explanation:
    "A proxying balancer ends the client's connection and opens one of its own to a NodePort: to the " +
    "node the balancer is the client. With Local the pod sees the balancer's address, with Cluster not " +
    "even that. No setting of the cluster brings the client back at layer 3; the proxy hands it on in " +
    "X-Forwarded-For (HTTP) or in front of the data (PROXY protocol), and the program in the pod has to " +
    "read it there. The client's own connection never comes near a node.",
  paths: [
    {
      ...LEG,
      endpoint: "same-node",
      policy: "Local",
      name: "balancer to node:nodePort (Local), endpoint on that node",
      source: "client",
      points: [...FROM_OUTSIDE, ...toPod("client")],
      rules: [...ENTRY, EXT_TO_LOCAL, CHOOSE_LOCAL, TO_ENDPOINT, NOT_MARKED],
      why: "the source is kept, and the source is the balancer",
    },
    {
      ...LEG,
      endpoint: "same-node",
      policy: "Cluster",
      name: "balancer to node:nodePort (Cluster), endpoint on that node",
      source: "bridge:*",
      points: [...FROM_OUTSIDE, ...toPod("bridge:*", "client")],
      rules: [...ENTRY, MARK_ALL, EXT_TO_SVC, CHOOSE, TO_ENDPOINT, MASQUERADE],
      why: "masqueraded like every client of a NodePort",
    },
    {
      ...LEG,
      endpoint: "other-node",
      policy: "Cluster",
      name: "balancer to node:nodePort (Cluster), endpoint on another node",
      source: "transit:*",
      points: [...FROM_OUTSIDE, ...toRemotePod("transit:*")],
      rules: [...ENTRY, MARK_ALL, EXT_TO_SVC, CHOOSE, TO_ENDPOINT, MASQUERADE],
      why: "masqueraded, so that the answer comes back by this node and then to the balancer",
    },
  ],
});
