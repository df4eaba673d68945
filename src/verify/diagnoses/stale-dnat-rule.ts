import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC007",
  id: "stale-dnat-rule",
  title: "connections are translated to an address that is not the pod",
  checks: ["destination translated to the pod", "delivered"],
  explanation:
    "A rule of an earlier pod is still there and comes first. Every client and every source " +
    "port is affected, which tells it from a stale conntrack entry.",
  remedy:
    "iptables-save -t nat | grep -- '--dport HOSTPORT': of two CNI-DN chains for one port " +
    "delete the older; never restore CNI rules from a saved file",
  applies: ({ sightings }) => sightings.some(({ stage }) => stage === "elsewhere"),
});
