import { ownerOf } from "#cluster/facts.js";
import { deliveredRequest } from "#verify/checks/check.js";
import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC004",
  id: "masquerade-missing",
  title: "the pod sees its neighbour's own address",
  checks: ["source masqueraded"],
  explanation:
    "The pod sees the dialling pod's address, so it answers that pod directly and the reply " +
    "skips the node's translation, unless bridge-nf catches it. Usual causes: portmap older " +
    "than 0.8.6 or its nftables backend (pass --portmap VERSION), snat: false, or a flushed " +
    "CNI-HOSTPORT-MASQ.",
  remedy:
    "iptables-save -t nat | grep -E 'CNI-(HOSTPORT|DN)'; check the portmap version on the " +
    "node",
  applies(theCase) {
    const seen = deliveredRequest(theCase);
    const owner = seen && ownerOf(theCase.facts, seen.source.address).owner;
    return owner === "target" || owner === "pod-here";
  },
});
