import {
  clusterPolicyRows,
  fencedRows,
  localPolicyRows,
  withoutEndpointsRows,
  type Published,
} from "./published-rows.js";
import { defineScenario } from "./scenario.js";

const BALANCER: Published = { dialled: "load-balancer-ip", what: "the balancer's IP" };

export default defineScenario({
  name: "loadbalancer",
  title: "a load balancer hands packets on to the nodes as they are",
  question: "is the client's address kept, and where does the balancer's address go?",
  target: "path",
  explanation:
    "A balancer that forwards packets leaves both addresses alone: a node receives client > balancer's " +
    "IP, and its rules treat that address like an external IP. With externalTrafficPolicy Local the pod " +
    "sees the client; with Cluster it sees the node. The answer leaves the node under the balancer's " +
    "address, often past the balancer. loadBalancerSourceRanges is a list of the nodes' rules, not of " +
    "the balancer's: whoever is not on it is not translated, and dropped. The NodePort of the same " +
    "Service stays open to everybody. Pods and processes of a node never see the balancer: their own " +
    "node's rules take the packet first.",
  paths: [
    ...clusterPolicyRows(BALANCER),
    ...localPolicyRows(BALANCER),
    ...withoutEndpointsRows(BALANCER),
    ...fencedRows(BALANCER),
  ],
});
