import { defineReplayDiagnosis } from "./replay-diagnosis.js";

export default defineReplayDiagnosis({
  code: "PC036",
  id: "wrong-health",
  title: "a node tells the balancer something else than its endpoints are",
  checks: ["health answer"],
  explanation:
    "A balancer sends clients to nodes that answer 200. A node without an endpoint that says so loses " +
    "them to a DROP rule; one with an endpoint that answers 503 gets none. kube-proxy has not synced " +
    "since the endpoints changed, something else listens on the port, or the topology is older than " +
    "the capture.",
  remedy:
    "curl -i NODE:PORT on each node; kubectl get endpointslices for the Service; ss -ltnp for the " +
    "port; the log of kube-proxy for failed syncs",
  applies: () => true,
});
