import { localPolicyRows } from "./published-rows.js";
import { defineScenario } from "./scenario.js";

export default defineScenario({
  name: "nodeport-local",
  title: "somebody dials a NodePort (externalTrafficPolicy Local)",
  question: "does the pod see the client, and who is refused on a node without an endpoint?",
  target: "path",
  explanation:
    "With Local a node hands strangers to its own endpoints only. The answer of such an endpoint " +
    "passes this node in any case, so nothing has to be masqueraded and the pod sees the client's own " +
    "address and port. A node without an endpoint drops: silence, not a refusal, and not a fault. Two " +
    "kinds of client are no strangers. Pods of the cluster get any endpoint and keep their address, as " +
    "if they had dialled the ClusterIP; processes of the node itself get any endpoint too, but are " +
    "masqueraded. A pod of another node has been masqueraded by its own node before it arrives, so " +
    "here it counts as a stranger.",
  paths: localPolicyRows({ dialled: "node-port", what: "node:nodePort" }),
});
