import {
  goingRound,
  isTranslated,
  nodesOwnAnswer,
  untranslatedRequest,
} from "#verify/replay/compared.js";
import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC022",
  id: "not-translated",
  title: "no rule translated what was dialled",
  checks: [
    "destination translated",
    "source masqueraded",
    "delivered",
    "answered",
    "seen at every point it must cross",
  ],
  explanation:
    "The packet came to the node's own stack, or left by the default route, as it was dialled. The rules for this " +
    "Service, hostPort or published port are missing on this node: kube-proxy is not running " +
    "there or runs without the node's address among its NodePort addresses, Docker's or the " +
    "CNI plugin's chains were flushed by a firewall reload.",
  remedy:
    "iptables-save -t nat | grep -- '--dport PORT'; ss -ltnp on the node for the port; is " +
    "kube-proxy running and synced on this node",
  applies: (theCase, { observed }) =>
    nodesOwnAnswer(theCase) !== undefined ||
    observed.startsWith("not translated") ||
    (isTranslated(theCase) && (untranslatedRequest(theCase) ?? goingRound(theCase)) !== undefined),
});
