import { strayedRequest } from "#verify/replay/compared.js";
import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC021",
  id: "not-an-endpoint",
  title: "the connection goes to an address that serves nothing of what was dialled",
  checks: [
    "destination translated",
    "destination kept",
    "delivered",
    "reply translated back",
    "seen at every point it must cross",
  ],
  explanation:
    "The destination was rewritten to an address that is no endpoint of what the client " +
    "dialled. A rule of an earlier endpoint is still there (kube-proxy stopped syncing, rules " +
    "restored from a file), a conntrack entry outlived its endpoint (UDP), another program's DNAT " +
    "comes first, or the topology is not of the time of the captures.",
  remedy:
    "iptables-save -t nat | grep ADDRESS for the rule that leads there; conntrack -L -d " +
    "DIALLED; the log of kube-proxy for failed syncs; kubectl get endpointslices against the " +
    "rules",
  applies: (theCase) => strayedRequest(theCase) !== undefined,
});
