import { BRIDGED, FROM_POD, shown, toPod, toRemotePod } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const INBOUND = [
  "in the pod:  nat PREROUTING        -p tcp -j ISTIO_INBOUND",
  "in the pod:  nat ISTIO_INBOUND     -p tcp -j ISTIO_IN_REDIRECT",
  "in the pod:  nat ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006",
];

const TO_SIDECAR = {
  dialled: "pod",
  outcome: "answered",
  source: "client",
  rules: INBOUND,
  reference: "istio tools/istio-iptables/pkg/capture/run.go",
} as const satisfies Partial<PathRow>;

const WHY =
  "the pod's own rules turn it to the sidecar after eth0 was captured; the sidecar sees the client";

export default defineScenario({
  name: "sidecar-redirect",
  title: "a sidecar in the pod takes what the program was dialled for",
  question: "why does the program see 127.0.0.6, and what do captures on the node show?",
  target: "path",
  about: "sidecar",
  explanation:
    "With a sidecar such as istio-proxy the pod has rules of its own: nat PREROUTING of its namespace " +
    "redirects every inbound TCP connection to port 15006, where Envoy listens. That happens behind eth0, so " +
    "eth0, the veth and the node show the connection as if there were no sidecar, with the client's own " +
    "address. Envoy then dials the program over the pod's lo, from 127.0.0.6, a source that its rules " +
    "recognise and leave alone: a second connection, and the only one the program ever sees. Whoever " +
    "captures on eth0 sees the first of the two, and it may be answered though the program is dead.",
  paths: [
    {
      ...TO_SIDECAR,
      client: "pod",
      endpoint: "same-node",
      name: "pod to a pod with a sidecar on its node",
      points: [...FROM_POD, ...BRIDGED],
      why: WHY,
    },
    {
      ...TO_SIDECAR,
      client: "pod",
      endpoint: "other-node",
      name: "pod to a pod with a sidecar on another node",
      points: [...FROM_POD, ...shown("bridge", "client > endpoint"), ...toRemotePod("client")],
      why: WHY,
    },
    {
      ...TO_SIDECAR,
      client: "node",
      endpoint: "same-node",
      name: "process on the node to a pod with a sidecar",
      points: toPod("client"),
      why: WHY,
    },
    {
      ...TO_SIDECAR,
      client: "node",
      endpoint: "other-node",
      policy: "vxlan",
      name: "process on another node to a pod with a sidecar",
      points: toRemotePod("client"),
      why: WHY,
    },
    {
      ...TO_SIDECAR,
      client: "pod",
      endpoint: "itself",
      name: "sidecar to the program beside it (second connection)",
      points: shown("pod-loopback", "client > dialled"),
      rules: ["in the pod:  nat ISTIO_OUTPUT      -s 127.0.0.6/32 -o lo -j RETURN"],
      why: "from 127.0.0.6 over lo: the program sees that address whoever the client is",
    },
  ],
});
