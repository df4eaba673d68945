import type { Finding } from "#verify/report.js";

export const UNEVEN_CHOICE: Finding = {
  code: "PC034",
  id: "uneven-choice",
  title: "endpoints are not chosen as the rules should choose them",
  explanation:
    "kube-proxy gives each of n endpoints the same chance: 1/n, then 1/(n-1) of the rest. A split " +
    "like this one is no chance. A -m statistic rule is missing, stands in the wrong place or has " +
    "another probability; an endpoint is listed that the rules do not have; or clients keep " +
    "coming by an address that session affinity or an earlier rule sends to one endpoint.",
  remedy:
    "iptables-save -t nat | grep KUBE-SVC-…: the probabilities in order, and whether each endpoint " +
    "has a rule; kubectl get endpointslices against them; the log of kube-proxy for failed syncs",
};
