import { nodesOwnReply } from "#verify/checks/check.js";
import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC005",
  id: "no-dnat",
  title: "no rule translated the hostPort: the node itself answered",
  checks: ["destination translated to the pod", "delivered", "answered"],
  explanation:
    "The packet came to the node's own stack, where nothing listens on a hostPort. The " +
    "CNI-HOSTPORT-DNAT rules are missing or do not match: a firewalld reload or iptables " +
    "restart flushed them, no portmap plugin is in the CNI configuration, hostIP is another " +
    "address, or a process or userland proxy of the node holds the port. " +
    "A rule that rejects with tcp-reset answers just so: iptables-save has it.",
  remedy:
    "iptables-save -t nat | grep -E 'CNI-(HOSTPORT|DN)'; ss -ltnp on the node for the port; " +
    "recreate the pod so that portmap writes its rules again",
  applies: (theCase, { observed }) =>
    !theCase.facts.target.hostNetwork &&
    (nodesOwnReply(theCase) !== undefined || observed.startsWith("not translated")),
});
