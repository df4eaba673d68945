import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC014",
  id: "reply-lost",
  title: "the pod answers, and the client never hears it",
  checks: ["reply translated back"],
  explanation:
    "The pod's answer was captured, and nothing of the client that follows on it; with TCP both " +
    "sides repeat themselves, the pod its SYN-ACK and the client its SYN. The answer is dropped " +
    "or sent another way: a rule that drops it in FORWARD, a missing route back, on the node or " +
    "at a router outside, asymmetric routing.",
  remedy:
    "capture at the node's uplink and at the client as well; ip route get CLIENT on the node; iptables-save " +
    "-c -t filter before and after one attempt",
  applies: (_case, { observed }) => observed.startsWith("the pod answers"),
});
