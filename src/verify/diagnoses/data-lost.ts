import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC020",
  id: "data-lost",
  title: "data is lost after the handshake",
  checks: ["data arrives"],
  explanation:
    "The connection opens and then hangs: small packets pass, some data never arrives. " +
    "Usual causes: the path MTU is smaller than the interface's and ICMP 3/4 is filtered " +
    "(an overlay needs 50 bytes), a rule that drops large packets, a conntrack entry that " +
    "was lost.",
  remedy:
    "ping -M do -s 1472 along the path, and with 50 bytes less; ip -d link for the MTU of " +
    "the overlay and the pods; iptables-save -c -t filter before and after one attempt",
  applies: () => true,
});
