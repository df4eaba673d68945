import type { PathRow } from "./path-row.js";
import {
  clusterPolicyRows,
  localPolicyRows,
  withoutEndpointsRows,
  type Published,
} from "./published-rows.js";
import { defineScenario } from "./scenario.js";

const NODE_PORT: Published = { dialled: "node-port", what: "node:nodePort" };

/** To a node the balancer is a client outside the cluster. */
function ofBalancer({ name, ...row }: PathRow): PathRow {
  return { ...row, name: name.replace("external client", "balancer") };
}

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
    ...localPolicyRows(NODE_PORT),
    ...clusterPolicyRows(NODE_PORT),
    ...withoutEndpointsRows(NODE_PORT),
  ]
    .filter(({ client }) => client === "external")
    .map(ofBalancer),
});
