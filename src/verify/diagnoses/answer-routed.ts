import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC018",
  id: "answer-routed",
  title: "a pod behind the node answers, not the node itself",
  checks: ["delivered"],
  explanation:
    "The answer crossed a router, the node: a hostPort or another DNAT rule takes the port " +
    "before the hostNetwork process sees it.",
  remedy: "iptables-save -t nat | grep -- '--dport PORT'",
  applies: (_case, { observed }) => observed.includes("routed by the node"),
});
