import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC032",
  id: "refused-otherwise",
  title: "the connection is refused in another way than it should be",
  checks: ["dropped", "rejected"],
  explanation:
    "It does not get through, but not by the rule that should stop it: silence instead of an " +
    "ICMP error, or an error instead of silence. Another rule, a router or the server itself " +
    "did it.",
  remedy:
    "iptables-save -c -t filter before and after one attempt: which DROP or REJECT counter " +
    "grows; who sends the error",
  applies: () => true,
});
