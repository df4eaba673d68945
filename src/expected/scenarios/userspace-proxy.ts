import { FROM_OUTSIDE, FROM_POD, shown, HALF_DONE } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const PROXIED = {
  endpoint: "host-network",
  outcome: "answered",
  source: "client",
  reference: "kubernetes v1.20.2 pkg/proxy/userspace/proxier.go, proxysocket.go",
  why: "kube-proxy accepts it and dials an endpoint itself: to the pod the node is the client",
} as const satisfies Partial<PathRow>;

export default defineScenario({
  name: "userspace-proxy",
  title: "kube-proxy in userspace mode ends the connection and dials the endpoint itself",
  question: "why are there two connections, and can one of them fail alone?",
  target: "path",
  about: "userspace",
  explanation:
    "Before the iptables mode kube-proxy was a proxy indeed: a rule redirects what is dialled to a port of " +
    "its own, and for each connection it accepts it opens one to an endpoint. The client's connection " +
    "succeeds although the endpoint may be dead. The pod sees an address of the node (cni0's or " +
    "flannel.1's, by the route) and a new port; the client is lost for good. Removed in Kubernetes 1.26.",
  paths: [
    {
      ...PROXIED,
      client: "pod",
      dialled: "cluster-ip",
      name: "pod to ClusterIP, redirected to kube-proxy",
      points: [
        ...FROM_POD,
        ...shown("bridge", "client > endpoint", "dialled > client").map((point) => ({
          ...point,
          why: HALF_DONE,
        })),
      ],
      rules: [
        "nat KUBE-PORTALS-CONTAINER  -d CLUSTER-IP -p tcp --dport PORT -j REDIRECT --to-ports P",
      ],
    },
    {
      ...PROXIED,
      client: "node",
      dialled: "cluster-ip",
      name: "process on a node to ClusterIP, sent to kube-proxy",
      points: shown("loopback", "client > endpoint", "dialled > client"),
      rules: [
        "nat KUBE-PORTALS-HOST  -d CLUSTER-IP -p tcp --dport PORT -j DNAT --to-destination NODE:P",
      ],
    },
    {
      ...PROXIED,
      client: "external",
      dialled: "node-port",
      name: "external client to node:nodePort, redirected to kube-proxy",
      points: FROM_OUTSIDE,
      rules: ["nat KUBE-NODEPORT-CONTAINER  -p tcp --dport NODEPORT -j REDIRECT --to-ports P"],
    },
  ],
});
