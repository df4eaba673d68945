import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC019",
  id: "node-refused",
  title: "the node refuses: no hostNetwork process listens on the port",
  checks: ["answered"],
  explanation:
    "The node's own stack answered with a reset: the hostNetwork pod is not running, " +
    "listens on another port, or only on 127.0.0.1.",
  remedy: "on the node: ss -ltnp for the port; kubectl get pods -o wide for the pod's node",
  applies: ({ facts }, { observed }) => facts.target.hostNetwork && observed.startsWith("RST"),
});
