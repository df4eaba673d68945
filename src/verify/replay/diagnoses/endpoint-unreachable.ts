import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC025",
  id: "endpoint-unreachable",
  title: "the endpoint does not answer ARP: it is gone",
  checks: ["answered", "delivered"],
  explanation:
    "ICMP host unreachable: the node translated the destination to a pod that no longer " +
    "exists, or whose interface is down. conntrack rewrites the error's source too, so it " +
    "seems to come from the address that was dialled.",
  remedy:
    "ip neigh on the node for the endpoint's address (FAILED); kubectl get endpointslices: is " +
    "the endpoint still listed, and why; does its pod run",
  applies: (_case, { observed }) => /ICMP (3\/1|1\/3)\b| is gone$/.test(observed),
});
