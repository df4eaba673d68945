import { HALF_TRANSLATED, never } from "./points.js";
import { defineScenario, type PointRow } from "./scenario.js";

const POINTS: readonly PointRow[] = [
  never("uplink", "the connection stays inside the node"),
  never("loopback", "the packet is forwarded, not delivered to the node"),
  never("overlay", "the pod is on this node, so nothing is encapsulated"),
];

export default defineScenario({
  name: "hostport-hairpin",
  title: "a pod dials its own hostPort through the node",
  question: "does the pod get its own request back from an address it can answer?",
  target: "hostPort",
  explanation:
    "The pod's packet to node:hostPort reaches the bridge, is translated to the pod itself and has to go " +
    "back out of the port it came in by, which a bridge does only with hairpin mode. Without " +
    "masquerading the pod would receive a packet from its own address and drop it, or, from a bridge " +
    "neighbour, would answer straight to that neighbour: the reply would skip the node, and nobody " +
    "would translate it back. So portmap marks the source and POSTROUTING gives it the bridge's address.",
  rows: ({ hairpin, source }) => [
    {
      client: "hairpin",
      name: "pod to its own hostPort",
      source: hairpin ? "bridge" : "kept",
      works: hairpin,
      points: [
        ...POINTS,
        {
          at: "bridge",
          requests: ["client > pod", "client > node", "bridge > pod"],
          replies: ["pod > client", "pod > bridge", "node > client"],
          seen: "maybe",
          why: `${HALF_TRANSLATED}; without promiscuous mode the bridge device is not passed at all`,
        },
        {
          at: "veth",
          requests: ["client > node", hairpin ? "bridge > pod" : "client > pod"],
          replies: ["pod > bridge", "node > client"],
          seen: "always",
          why: "both legs pass the same veth",
        },
        {
          at: "pod",
          requests: ["client > node", hairpin ? "bridge > pod" : "client > pod"],
          replies: ["pod > bridge", "node > client"],
          seen: "always",
          why: "both legs pass the same interface",
        },
      ],
      rules: [
        "nat PREROUTING   -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
        "nat CNI-DN-…     -s SUBNET -p tcp --dport HOSTPORT -j CNI-HOSTPORT-SETMARK",
        "nat CNI-DN-…     -p tcp --dport HOSTPORT -j DNAT --to-destination POD:PORT",
        "nat CNI-HOSTPORT-MASQ  -m mark --mark 0x2000/0x2000 -j MASQUERADE",
      ],
      why: hairpin
        ? "a pod drops packets from its own address, so the source becomes the bridge's"
        : "this version masquerades 127.0.0.1 only: the connection cannot work",
      reference: source,
    },
  ],
});
