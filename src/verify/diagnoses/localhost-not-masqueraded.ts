import { isLoopback } from "#net/address.js";
import { deliveredRequest } from "#verify/checks/check.js";
import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC003",
  id: "localhost-not-masqueraded",
  title: "127.0.0.1 reached the pod as the source",
  checks: ["source masqueraded"],
  explanation:
    "The destination was translated, the source was not. To the pod 127.0.0.1 is itself, so " +
    "it never answers the node. Usual causes: portmap runs with snat: false, the " +
    "CNI-HOSTPORT-MASQ jump in POSTROUTING was flushed (firewalld reload, iptables restart), or " +
    "another rule cleared the mark 0x2000 first.",
  remedy:
    "iptables-save -t nat | grep -E 'CNI-HOSTPORT-(MASQ|SETMARK)'; recreate the pod so that " +
    "portmap writes its rules again; dial the node's address meanwhile",
  applies(theCase) {
    const seen = deliveredRequest(theCase);
    return seen !== undefined && isLoopback(seen.source.address);
  },
});
