import { always, NOT_FROM_OUTSIDE } from "./points.js";
import { defineScenario } from "./scenario.js";

export default defineScenario({
  name: "hostport-external",
  title: "a client outside the cluster dials a hostPort",
  question: "does the pod see the client's own address?",
  target: "hostPort",
  explanation:
    "PREROUTING jumps to CNI-HOSTPORT-DNAT, which rewrites the destination to the pod. kube-proxy has " +
    "no service on that address and port, so the packet is routed to the bridge. In POSTROUTING " +
    "CNI-HOSTPORT-MASQ comes first, but it masquerades marked packets only, and the mark is set only " +
    "for sources in the pod's own subnet and for 127.0.0.1: the pod answers a foreign address through " +
    "its gateway, so the node sees the reply and translates it back without help.",
  rows: () => [
    {
      client: "external",
      name: "external client to node:hostPort",
      source: "kept",
      works: true,
      points: [
        always({ at: "client", request: "client > node", reply: "node > client" }),
        always({ at: "uplink", request: "client > node", reply: "node > client" }),
        ...NOT_FROM_OUTSIDE,
        always({ at: "bridge", request: "client > pod", reply: "pod > client" }),
        always({ at: "veth", request: "client > pod", reply: "pod > client" }),
        always({ at: "pod", request: "client > pod", reply: "pod > client" }),
      ],
      rules: [
        "nat PREROUTING   -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
        "nat CNI-DN-…     -p tcp --dport HOSTPORT -j DNAT --to-destination POD:PORT",
        "nat POSTROUTING  -j CNI-HOSTPORT-MASQ    (not marked 0x2000, so nothing happens)",
      ],
      why: "only the destination changes; the reply comes back through the node by itself",
      reference: "containernetworking/plugins v1.1.1 plugins/meta/portmap/portmap.go fillDnatRules",
    },
  ],
});
