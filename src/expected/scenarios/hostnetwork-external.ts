import { always, never } from "./points.js";
import { defineScenario } from "./scenario.js";

export default defineScenario({
  name: "hostnetwork-external",
  title: "a client outside the cluster dials a hostNetwork pod",
  question: "does the process see exactly what was on the wire?",
  target: "hostNetwork",
  explanation:
    "A hostNetwork pod has no network namespace of its own: its sockets are the node's, its address is " +
    "the node's, and no rule translates anything. Two of them cannot listen on one port of a node, and " +
    "a hostPort rule for the same port would take the connection away before the socket saw it.",
  rows: () => [
    {
      client: "external",
      name: "external client to node:port",
      source: "kept",
      works: true,
      points: [
        always({ at: "client", request: "client > node", reply: "node > client" }),
        always({ at: "uplink", request: "client > node", reply: "node > client" }),
        never("loopback", "the packet comes in by the uplink"),
        never("overlay", "the pod is on this node, so nothing is encapsulated"),
        never("bridge", "nothing is forwarded to a pod's namespace"),
        never("veth", "nothing is forwarded to a pod's namespace"),
        never("pod", "a hostNetwork pod has no namespace of its own"),
      ],
      rules: [],
      why: "the address is the node's own and the port is a socket of the node",
      reference: "Kubernetes API reference, PodSpec.hostNetwork",
    },
  ],
});
