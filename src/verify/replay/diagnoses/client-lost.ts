import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC023",
  id: "client-lost",
  title: "a client that must keep its address does not",
  checks: ["source kept"],
  explanation:
    "The server sees another source than the client's own. With externalTrafficPolicy Local, " +
    "between pods, and from a pod to a ClusterIP no rule may rewrite it. Usual causes: the " +
    "rules treat the Service as policy Cluster (another node forwarded it, or an old rule), " +
    "masqueradeAll, a cluster CIDR that does not hold the pods, a hand-made MASQUERADE for " +
    "everything that goes to pods.",
  remedy:
    "iptables-save -c -t nat before and after one request: the rule in POSTROUTING whose " +
    "counter grows did it; kube-proxy's --cluster-cidr and --masquerade-all; the Service's " +
    "externalTrafficPolicy",
  applies: () => true,
});
