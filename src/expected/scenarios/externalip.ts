import {
  clusterPolicyRows,
  localPolicyRows,
  withoutEndpointsRows,
  type Published,
} from "./published-rows.js";
import { defineScenario } from "./scenario.js";

const EXTERNAL_IP: Published = { dialled: "external-ip", what: "an external IP" };

export default defineScenario({
  name: "externalip",
  title: "somebody dials an external IP of a Service",
  question:
    "what is an address that no machine has, and why does it never leave the client's node?",
  target: "path",
  explanation:
    "An entry of spec.externalIPs need not be the address of any machine: whoever routes it to a node " +
    "makes it work, for every node has a rule that translates it. From there on it is a NodePort: with " +
    "externalTrafficPolicy Cluster everybody is masqueraded, with Local strangers keep their address " +
    "and get endpoints of this node alone. Pods and processes of a node never reach the network with " +
    "it: their own node's rules take the packet first.",
  paths: [
    ...clusterPolicyRows(EXTERNAL_IP),
    ...localPolicyRows(EXTERNAL_IP),
    ...withoutEndpointsRows(EXTERNAL_IP),
  ],
});
