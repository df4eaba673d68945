import { distance } from "#verify/replay/compare.js";
import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC039",
  id: "not-as-the-row-says",
  title:
    "the network does what its programs' rules say, and the scenario file wants something else",
  checks: [
    "dropped",
    "rejected",
    "source kept",
    "source masqueraded",
    "delivered",
    "answered",
    "reply translated back",
    "destination translated to the pod",
    "seen at every point it must cross",
    "as the row says",
  ],
  explanation:
    "The rules that kube-proxy, portmap, Docker and flannel write for this topology do what was seen here: " +
    "nothing is broken by their lights. The row of the scenario file asks for something else, so either " +
    "the cluster is to be configured otherwise, or the row is to be changed.",
  remedy:
    "where the row is right: the Service's traffic policy, kube-proxy's and the CNI plugin's settings; " +
    "where the cluster is: `pcapcheck scenarios show NAME -o yaml` has the row that its rules make",
  applies: ({ byRow, best }) =>
    byRow !== undefined &&
    byRow.expectation.otherwise.length > 0 &&
    distance(byRow.model) < distance(best),
});
