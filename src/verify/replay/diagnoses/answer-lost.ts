import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC029",
  id: "answer-lost",
  title: "the server answers, and the client never hears it",
  checks: ["reply translated back"],
  explanation:
    "The answer was captured and both sides repeat themselves: it is dropped on the way or " +
    "sent another way. A rule drops it in FORWARD, a route back is missing, or a router " +
    "filters what it did not see go out.",
  remedy:
    "ip route get CLIENT on the server's node; a capture at the node's uplink; iptables-save " +
    "-c -t filter before and after one attempt",
  applies: () => true,
});
