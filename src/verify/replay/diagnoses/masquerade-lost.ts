import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC024",
  id: "masquerade-lost",
  title: "the source was not masqueraded",
  checks: ["source masqueraded"],
  explanation:
    "The packet left with an address that the rules should have replaced, so the answer goes " +
    "straight to the client, past the node that translated the destination, or nowhere. Usual " +
    "causes: KUBE-POSTROUTING, CNI-HOSTPORT-MASQ, FLANNEL-POSTRTG or Docker's MASQUERADE was " +
    "flushed or is shadowed by an earlier ACCEPT or RETURN, or another rule clears the mark " +
    "first.",
  remedy:
    "iptables-save -t nat | grep -E 'POSTROUTING|MARK-MASQ|MASQUERADE' on the node that " +
    "translated the destination; which rule stands in front",
  applies: () => true,
});
