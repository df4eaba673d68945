import { always, HALF_TRANSLATED, NOT_FROM_NODE } from "./points.js";
import { defineScenario } from "./scenario.js";

export default defineScenario({
  name: "hostport-localhost",
  title: "a process on the node dials 127.0.0.1:hostPort",
  question: "is 127.0.0.1 replaced by an address that the pod can answer?",
  target: "hostPort",
  explanation:
    "nat OUTPUT marks packets from 127.0.0.1 and translates the destination; the packet is then routed " +
    "to the bridge, which route_localnet=1 allows. POSTROUTING masquerades the marked packet to the " +
    "bridge's address. Without that the pod would see 127.0.0.1, which to it is itself, and would never " +
    "answer the node.",
  rows: () => [
    {
      client: "localhost",
      name: "process on the node to 127.0.0.1:hostPort",
      source: "bridge",
      works: true,
      points: [
        ...NOT_FROM_NODE,
        {
          at: "bridge",
          requests: ["bridge > pod"],
          replies: ["pod > localhost", "pod > bridge"],
          seen: "always",
          why: HALF_TRANSLATED,
        },
        always({ at: "veth", request: "bridge > pod", reply: "pod > bridge" }),
        always({ at: "pod", request: "bridge > pod", reply: "pod > bridge" }),
      ],
      rules: [
        "nat OUTPUT       -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
        "nat CNI-DN-…     -s 127.0.0.1 -p tcp --dport HOSTPORT -j CNI-HOSTPORT-SETMARK",
        "nat CNI-DN-…     -p tcp --dport HOSTPORT -j DNAT --to-destination POD:PORT",
        "nat CNI-HOSTPORT-MASQ  -m mark --mark 0x2000/0x2000 -j MASQUERADE",
      ],
      why: "a pod cannot answer 127.0.0.1: that address is its own",
      reference:
        "containernetworking/plugins v1.1.1 plugins/meta/portmap/portmap.go fillDnatRules, " +
        "enableLocalnetRouting",
    },
  ],
});
