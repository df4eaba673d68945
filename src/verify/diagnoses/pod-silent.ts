import { defineDiagnosis } from "./diagnosis.js";

export default defineDiagnosis({
  code: "PC012",
  id: "pod-silent",
  title: "the request reaches the pod, and the pod does not answer",
  checks: ["answered"],
  explanation:
    "The request arrived in the pod's network and nothing came back: a full accept queue, a " +
    "firewall or sidecar in the pod, a source address that the pod cannot answer " +
    "(127.0.0.1, its own), or a reply that is filtered from the capture.",
  remedy:
    "in the pod: ss -ltn (Recv-Q against Send-Q), nstat TcpExtListenOverflows, " +
    "iptables-save; check the source address in the check above",
  applies: ({ sightings }) =>
    sightings.some(({ stage, place }) => stage === "delivered" && place.role !== "unknown"),
});
