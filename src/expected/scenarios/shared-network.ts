import { shown } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const WITHIN = {
  endpoint: "itself",
  outcome: "answered",
  source: "client",
  points: shown("pod-loopback", "client > dialled"),
  rules: [],
  reference: "linux net/ipv4/route.c (local routes leave by lo)",
} as const satisfies Partial<PathRow>;

const WORDS = {
  pod: "container of a pod",
  container: "Docker container with --net=container",
} as const;

export default defineScenario({
  name: "shared-network",
  title: "containers of one pod, or of --net=container, dial each other",
  question: "does it stay on the lo of the namespace they share?",
  target: "path",
  explanation:
    "Containers of a pod share one network namespace, the pause container's; docker run " +
    "--net=container:NAME does the same. They have one address and one set of ports. Whatever they dial " +
    "of it, 127.0.0.1 or the pod's own address, stays on that namespace's lo: eth0, the veth and the node " +
    "show nothing, and no rule of the node can touch it.",
  paths: (["pod", "container"] as const).flatMap((client): readonly PathRow[] => [
    {
      ...WITHIN,
      client,
      dialled: "loopback",
      name: `${WORDS[client]} to 127.0.0.1`,
      why: "loopback belongs to the namespace, and the namespace is shared",
    },
    {
      ...WITHIN,
      client,
      dialled: "pod",
      name: `${WORDS[client]} to the address they share`,
      why: "an address of one's own is reached by lo, although eth0 holds it",
    },
  ]),
});
