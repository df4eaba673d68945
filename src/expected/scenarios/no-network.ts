import { shown } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const NOTHING = {
  client: "container",
  endpoint: "none",
  outcome: "dropped",
  source: undefined,
  points: [],
  rules: [],
  reference: "moby v26.1.4 libnetwork/drivers/null/null.go; linux net/ipv4/route.c (ENETUNREACH)",
} as const satisfies Partial<PathRow>;

const TARGETS = [
  ["outside", "a server outside"],
  ["pod", "another container"],
  ["published-port", "a published port of its host"],
  ["hostNetwork", "a process of its host"],
] as const;

export default defineScenario({
  name: "no-network",
  title: "a container with --network none dials anything",
  question: "is there nothing to capture because there is no way out?",
  target: "path",
  about: "no-network",
  explanation:
    "Such a container has a namespace with lo and nothing else: no eth0, no veth, no route. A connection " +
    'fails at once with "network is unreachable", inside the program, before there is a packet. An ' +
    "empty capture is the healthy picture. Only its own 127.0.0.1 works.",
  paths: [
    {
      client: "container",
      dialled: "loopback",
      endpoint: "itself",
      outcome: "answered",
      source: "client",
      points: shown("pod-loopback", "client > dialled"),
      rules: [],
      name: "container without network to its own 127.0.0.1",
      why: "lo is there in every namespace",
      reference: NOTHING.reference,
    },
    ...TARGETS.map(([dialled, words]): PathRow => ({
      ...NOTHING,
      dialled,
      name: `container without network to ${words}`,
      why: "there is no route, so no packet is ever made",
    })),
  ],
});
