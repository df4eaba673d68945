import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC028",
  id: "answer-on-another-way",
  title: "the answer does not come from what was dialled",
  checks: ["reply translated back", "answered"],
  explanation:
    "A reply carries a source that the client never dialled, so the client resets it. It did " +
    "not pass the node that translated the request: the request was not masqueraded and the " +
    "endpoint answers by a shorter way, bridge-nf-call-iptables is 0 and the answer stays on " +
    "the bridge, the conntrack entry is gone, or the segment was INVALID.",
  remedy:
    "sysctl net.bridge.bridge-nf-call-iptables on the node; conntrack -L for the connection; " +
    "conntrack -S (invalid); where the reply was captured and where the request was",
  applies: (_case, { check, observed }) =>
    check === "answered"
      ? observed.startsWith("the client resets")
      : !observed.startsWith("the server answers"),
});
