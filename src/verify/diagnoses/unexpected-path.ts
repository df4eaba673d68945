import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC016",
  id: "unexpected-path",
  title: "the connection was seen where it must not pass",
  checks: ["seen at every point it must cross", "destination kept"],
  explanation:
    "It took another way than the hostPort rules would send it: a userland proxy or a " +
    "process of the node (seen on lo), another node's pod (seen on the overlay), or a " +
    "hostPort rule in front of a hostNetwork socket.",
  remedy: "ss -ltnp on the node for the port; iptables-save -t nat | grep -- '--dport HOSTPORT'",
  applies: (_case, { check, observed }) =>
    check === "destination kept" || observed.startsWith("seen at"),
});
