/** What `plan` prints, with a topology and without, and what it refuses. */
import { golden } from "./golden.js";

const TOPOLOGY = "captures/hostport-external/topology.yaml";
const SERVICES = "captures/nodeport-cluster/topology.yaml";

golden({ name: "plan-help", command: "plan --help" });
golden({ name: "plan-hostport", command: "plan --scenario hostport-external" });
golden({
  name: "plan-topology",
  command: `plan --scenario hostport-external --topology ${TOPOLOGY}`,
});
golden({
  name: "plan-service",
  command: `plan --scenario nodeport-cluster --topology ${SERVICES} --service default/api --client 198.51.100.79`,
});
golden({ name: "plan-docker", command: "plan --scenario docker-egress" });
golden({ name: "plan-refused-scenario", command: "plan --scenario nodeport" });
golden({ name: "plan-refused-no-topology", command: "plan --scenario clusterip --pod web" });
golden({
  name: "plan-refused-nothing",
  command: `plan --scenario ingress --topology ${TOPOLOGY}`,
});
golden({
  name: "plan-refused-service",
  command: `plan --scenario nodeport-cluster --topology ${SERVICES} --service default/ap`,
});
