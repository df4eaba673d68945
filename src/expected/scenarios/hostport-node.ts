import { always, NOT_FROM_NODE, NOT_FROM_OUTSIDE } from "./points.js";
import { defineScenario } from "./scenario.js";

const REFERENCE =
  "containernetworking/plugins v1.1.1 plugins/meta/portmap/portmap.go fillDnatRules";

export default defineScenario({
  name: "hostport-node",
  title: "a process on a node dials a hostPort: from another node, or by the node's own address",
  question: "does the pod see the node's address, unchanged?",
  target: "hostPort",
  explanation:
    "Another node is a stranger like any other: PREROUTING translates the destination and nothing " +
    "masks the source. A process on the node itself that dials the node's own address goes through " +
    "nat OUTPUT instead; its source is the node's uplink address, which is neither in the pod's subnet " +
    "nor 127.0.0.1, so it is not masqueraded either.",
  rows: () => [
    {
      client: "other-node",
      name: "process on another node to node:hostPort",
      source: "kept",
      works: true,
      points: [
        always({ at: "client-uplink", request: "client > node", reply: "node > client" }),
        always({ at: "uplink", request: "client > node", reply: "node > client" }),
        ...NOT_FROM_OUTSIDE,
        always({ at: "bridge", request: "client > pod", reply: "pod > client" }),
        always({ at: "veth", request: "client > pod", reply: "pod > client" }),
        always({ at: "pod", request: "client > pod", reply: "pod > client" }),
      ],
      rules: [
        "nat PREROUTING   -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
        "nat CNI-DN-…     -p tcp --dport HOSTPORT -j DNAT --to-destination POD:PORT",
      ],
      why: "only the destination changes, as for a client outside the cluster",
      reference: REFERENCE,
    },
    {
      client: "own-address",
      name: "process on the node to its own address",
      source: "kept",
      works: true,
      points: [
        ...NOT_FROM_NODE,
        always({ at: "bridge", request: "client > pod", reply: "pod > client" }),
        always({ at: "veth", request: "client > pod", reply: "pod > client" }),
        always({ at: "pod", request: "client > pod", reply: "pod > client" }),
      ],
      rules: [
        "nat OUTPUT       -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
        "nat CNI-DN-…     -p tcp --dport HOSTPORT -j DNAT --to-destination POD:PORT",
      ],
      why: "the node's uplink address is not in the pod's subnet, so no rule marks the packet",
      reference: REFERENCE,
    },
  ],
});
