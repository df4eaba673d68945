import { FROM_OTHER_NODE, shown } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const BOUND = {
  dialled: "hostNetwork",
  endpoint: "host-network",
  outcome: "answered",
  source: "client",
  rules: [],
  reference: "Kubernetes API reference, PodSpec.hostNetwork",
} as const satisfies Partial<PathRow>;

export default defineScenario({
  name: "hostnetwork-node",
  title: "a process on a node dials a hostNetwork pod: from another node, or on its own node",
  question: "does it stay on lo, untranslated?",
  target: "path",
  explanation:
    "A hostNetwork pod is a process of its node. From the node itself the packet goes over lo and is seen " +
    "there as it was sent; from another node it arrives at the uplink. No rule is needed and none " +
    "translates anything.",
  paths: [
    {
      ...BOUND,
      client: "other-node",
      name: "process on another node to node:port",
      points: FROM_OTHER_NODE,
      why: "the address is the node's own and the port is a socket of the node",
    },
    {
      ...BOUND,
      client: "own-address",
      name: "process on the node to its own address",
      points: shown("loopback", "client > dialled"),
      why: "an address of one's own is reached by lo, whatever device holds it",
    },
    {
      ...BOUND,
      client: "localhost",
      name: "process on the node to 127.0.0.1",
      points: shown("loopback", "client > dialled"),
      why: "both ends are sockets of the node",
    },
  ],
});
