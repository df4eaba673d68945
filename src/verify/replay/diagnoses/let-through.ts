import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC031",
  id: "let-through",
  title: "a connection gets through that must not",
  checks: ["dropped", "rejected"],
  explanation:
    "The rules should drop or reject it, and it was answered or went on: a " +
    "loadBalancerSourceRange, a Local policy without a local endpoint or a Service without " +
    "endpoints is not enforced on this node. kube-proxy has not synced, or another rule " +
    "accepts it first.",
  remedy:
    "iptables-save -t filter | grep -E 'KUBE-(PROXY-FIREWALL|EXTERNAL-SERVICES|SERVICES)'; " +
    "the log of kube-proxy; the Service's endpoints and ranges",
  applies: (_case, { observed }) => observed.startsWith("gets through"),
});
