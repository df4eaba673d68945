import type { Finding } from "#verify/report.js";

export const AFFINITY_BROKEN: Finding = {
  code: "PC035",
  id: "affinity-broken",
  title: "a client was sent to another endpoint within its affinity",
  explanation:
    "sessionAffinity ClientIP keeps a client address with its endpoint. On one node kube-proxy " +
    "does that with -m recent in front of the random choice: the rules are missing, the list in " +
    "/proc/net/xt_recent is full (xt_recent ip_list_tot, 100 by default) or was flushed, or the " +
    "endpoint went away in between. Each node and each port of a Service has a list of its own.",
  remedy:
    "iptables-save -t nat | grep -- '-m recent'; cat /proc/net/xt_recent/KUBE-SEP-…; did the " +
    "endpoints change between the two connections",
};
