import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import { always, HALF_TRANSLATED, never, NOT_FROM_OUTSIDE } from "./points.js";
import { defineScenario, type Row } from "./scenario.js";

export default defineScenario({
  name: "hostport-pod",
  title: "another pod dials a hostPort: from the same node, or from another one",
  question: "does the pod see the bridge's address (same node) or the other node's (other node)?",
  target: "hostPort",
  explanation:
    "A pod of the same node is the pod's neighbour on the bridge: if it kept its address, the pod would " +
    "answer it directly, the reply would skip the node's translation, and the client would reset a " +
    "connection that it never opened. Since 0.8.6 portmap therefore masquerades the whole subnet. A " +
    "pod of another node is masqueraded by its own node on the way out (flannel: everything that " +
    "leaves the cluster's addresses), so this node sees a stranger and leaves the source alone.",
  rows: (portmap) => [sameNode(portmap), otherNode()],
});

function sameNode({ sameNodePods, source }: PortmapBehaviour): Row {
  const delivered = sameNodePods ? "bridge > pod" : "client > pod";
  const answered = sameNodePods ? "pod > bridge" : "pod > client";
  return {
    client: "pod-same-node",
    name: "pod on the same node to node:hostPort",
    source: sameNodePods ? "bridge" : "kept",
    works: true,
    points: [
      always({ at: "client-pod", request: "client > node", reply: "node > client" }),
      always({ at: "client-veth", request: "client > node", reply: "node > client" }),
      never("uplink", "the connection stays inside the node"),
      never("loopback", "the packet is forwarded, not delivered to the node"),
      never("overlay", "the pod is on this node, so nothing is encapsulated"),
      {
        at: "bridge",
        requests: ["client > pod", "client > node", delivered],
        replies: ["pod > client", "node > client", answered],
        seen: "maybe",
        why: `${HALF_TRANSLATED}; without promiscuous mode the bridge device is not passed at all`,
      },
      always({ at: "veth", request: delivered, reply: answered }),
      always({ at: "pod", request: delivered, reply: answered }),
    ],
    rules: [
      "nat PREROUTING   -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
      sameNodePods
        ? "nat CNI-DN-…     -s SUBNET -p tcp --dport HOSTPORT -j CNI-HOSTPORT-SETMARK"
        : "nat CNI-DN-…     -s POD/32 -p tcp --dport HOSTPORT -j CNI-HOSTPORT-SETMARK    (not this pod)",
      "nat CNI-DN-…     -p tcp --dport HOSTPORT -j DNAT --to-destination POD:PORT",
      ...(sameNodePods
        ? ["nat CNI-HOSTPORT-MASQ  -m mark --mark 0x2000/0x2000 -j MASQUERADE"]
        : []),
    ],
    why: sameNodePods
      ? "otherwise the pod would answer its bridge neighbour directly, past the translation"
      : "this version masquerades the pod's own address and 127.0.0.1 only; bridge-nf still sees the reply",
    reference: source,
  };
}

function otherNode(): Row {
  return {
    client: "pod-other-node",
    name: "pod on another node to node:hostPort",
    source: "kept",
    works: true,
    points: [
      always({ at: "client-pod", request: "client > node", reply: "node > client" }),
      always({ at: "client-veth", request: "client > node", reply: "node > client" }),
      {
        at: "client-bridge",
        requests: ["client > node"],
        replies: ["node > client"],
        seen: "always",
      },
      always({ at: "client-uplink", request: "other-node > node", reply: "node > other-node" }),
      always({ at: "uplink", request: "other-node > node", reply: "node > other-node" }),
      ...NOT_FROM_OUTSIDE,
      always({ at: "bridge", request: "other-node > pod", reply: "pod > other-node" }),
      always({ at: "veth", request: "other-node > pod", reply: "pod > other-node" }),
      always({ at: "pod", request: "other-node > pod", reply: "pod > other-node" }),
    ],
    rules: [
      "on the client's node:  nat FLANNEL-POSTRTG  -s CLUSTER ! -d 224.0.0.0/4 -j MASQUERADE --random-fully",
      "nat PREROUTING   -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
      "nat CNI-DN-…     -p tcp --dport HOSTPORT -j DNAT --to-destination POD:PORT",
    ],
    why: "the client's own node masquerades what leaves the cluster's addresses; this node changes only the destination",
    reference: "flannel pkg/trafficmngr/iptables/iptables.go",
  };
}
