import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC011",
  id: "rejected",
  title: "the connection is rejected",
  checks: ["answered"],
  explanation:
    "An ICMP error or a reset came back instead of an answer, and the captures do not show " +
    "who sent it: the pod, where nothing listens, the node, where no rule translated the " +
    "port, or a firewall. ICMP 3/3 is a REJECT or a closed UDP port, 3/10 and 3/13 a " +
    "firewall's REJECT, 3/1 an address that does not answer ARP (a pod that is gone).",
  remedy:
    "iptables-save -c -t filter before and after one attempt: which REJECT counter grows; " +
    "ip neigh on the node for the pod's address",
  applies: (_case, { observed }) => observed.startsWith("ICMP") || observed.startsWith("RST"),
});
