import { clusterPolicyRows, withoutEndpointsRows, type Published } from "./published-rows.js";
import { defineScenario } from "./scenario.js";

const NODE_PORT: Published = { dialled: "node-port", what: "node:nodePort" };

export default defineScenario({
  name: "nodeport-cluster",
  title: "somebody dials a NodePort (externalTrafficPolicy Cluster)",
  question: "why does the pod see a node's address instead of the client's?",
  target: "path",
  explanation:
    "Every node answers for every NodePort, whether it runs an endpoint or not. The rules translate " +
    "the destination to an endpoint that chance picks, and KUBE-EXT marks everything that comes by it: " +
    "POSTROUTING then puts an address of this node in place of the client's. Without that an endpoint " +
    "on another node would answer the client directly, from an address it never dialled. The rule does " +
    "not ask where the endpoint is, so the client is lost on its own node too. Which address replaces " +
    "it depends on the way out: cni0's for a pod of this node, flannel.1's for one across the overlay " +
    "(it ends in .0 and looks like a network's), eth0's where pods are routed. The port is drawn at " +
    "random. kube-proxy once held a socket on the NodePort; packets never went through it.",
  paths: [...clusterPolicyRows(NODE_PORT), ...withoutEndpointsRows(NODE_PORT)],
});
