import { KUBE_PROXY } from "./kube-rules.js";
import { refusal, refused, shownAlone } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const NOBODY = {
  dialled: "cluster-ip",
  endpoint: "none",
  policy: "no-endpoints",
  outcome: "rejected",
  source: undefined,
  rules: ["filter KUBE-SERVICES  -d CLUSTER-IP (no endpoints) -j REJECT"],
  reference: KUBE_PROXY,
} as const satisfies Partial<PathRow>;

const DIALLED = "client > dialled";

export default defineScenario({
  name: "clusterip-no-endpoints",
  title: "somebody dials a ClusterIP that has no endpoint",
  question: "is the refusal the node's, because nothing is ready behind the Service?",
  target: "path",
  explanation:
    "No pod is ready, so there is no DNAT rule: instead the filter table rejects what is dialled. The " +
    "client gets ICMP port unreachable, also for TCP, from the node it is on: cni0's address for a pod. A " +
    "TCP reset would come from a program; this comes from a rule. A port that the Service does not have " +
    "is another matter: nothing matches it, and the packet leaves by the default route.",
  paths: [
    {
      ...NOBODY,
      client: "pod",
      name: "pod to ClusterIP, no endpoint on any node",
      points: refused(shownAlone(["client-pod", "client-veth", "bridge"], DIALLED), "bridge"),
      why: "the node rejects in FORWARD and answers from its bridge's address",
    },
    {
      ...NOBODY,
      client: "node",
      name: "process on a node to ClusterIP, no endpoint on any node",
      points: [refusal("loopback", "client > client")],
      why: "rejected in OUTPUT: no capture shows the packet, and the refusal passes lo",
    },
    {
      ...NOBODY,
      client: "external",
      name: "machine that routes ClusterIPs by a node, no endpoint on any node",
      points: refused(shownAlone(["client", "uplink"], DIALLED), "node"),
      why: "the node rejects in FORWARD and answers from its own address",
    },
  ],
});
