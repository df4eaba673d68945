import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC002",
  id: "source-rewritten",
  title: "the pod sees a source that the scenario does not allow",
  checks: ["source kept", "source masqueraded"],
  explanation:
    "The source address at the pod is neither the client's nor the one the hostPort rules " +
    "would give it. Another rule, another node or a proxy in between rewrote it.",
  remedy:
    "iptables-save -c -t nat before and after one request, on every node on the path; ip -j " +
    "addr to see whose address it is",
  applies: () => true,
});
