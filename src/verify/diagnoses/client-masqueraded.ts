import { ownerOf } from "#cluster/facts.js";
import { deliveredRequest } from "#verify/checks/check.js";
import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC001",
  id: "client-masqueraded",
  title: "a client that must keep its address was masqueraded",
  checks: ["source kept"],
  explanation:
    "Some rule in nat POSTROUTING of this node rewrote the source to one of the node's own " +
    "addresses. hostPort rules do not do that for this client: portmap's CNI-HOSTPORT-MASQ " +
    "takes marked packets only. Usual owners: a MASQUERADE for everything that goes to the " +
    "pod network (flannel before 0.9, ip-masq-agent, hand-made rules), Docker's rule for an " +
    "overlapping subnet, portmap with masqAll. If the client came by a NodePort or " +
    "LoadBalancer of the same pod, kube-proxy did it by design.",
  remedy:
    "iptables-save -c -t nat before and after one request: the rule in POSTROUTING whose " +
    "counter grows did it; exempt the pod's subnet from it",
  applies(theCase) {
    const seen = deliveredRequest(theCase);
    if (!seen) return false;
    const { owner } = ownerOf(theCase.facts, seen.source.address);
    return owner === "bridge" || owner === "this-node";
  },
});
