import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC026",
  id: "rejected-on-the-way",
  title: "the connection is rejected",
  checks: ["delivered", "answered"],
  explanation:
    "An ICMP error came back instead of an answer. 3/3 is a REJECT rule or a closed UDP port, " +
    "3/10 and 3/13 a firewall's REJECT, 3/0 a router without a route.",
  remedy:
    "iptables-save -c -t filter before and after one attempt: which REJECT counter grows; ip " +
    "route get DESTINATION on the node that sent the error",
  applies: (_case, { observed }) => /\bICMP \d/.test(observed),
});
