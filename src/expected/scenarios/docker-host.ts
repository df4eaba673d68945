import { FROM_OTHER_NODE, FROM_OUTSIDE, FROM_POD, shown } from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const BOUND = {
  dialled: "hostNetwork",
  endpoint: "host-network",
  outcome: "answered",
  source: "client",
  rules: [],
  reference: "moby v26.1.4 daemon/container_operations.go (no sandbox of its own)",
} as const satisfies Partial<PathRow>;

export default defineScenario({
  name: "docker-host",
  title: "somebody dials a container that runs with --net=host",
  question: "is it a process of the host like any other?",
  target: "path",
  about: "docker-host",
  explanation:
    "--net=host gives the container no network namespace: its sockets are the host's, its address is the " +
    "host's, and -p is ignored. Nothing is translated. Clients on the host meet it on lo, others at the " +
    "uplink, containers by their bridge; a port can be taken only once.",
  paths: [
    {
      ...BOUND,
      client: "external",
      name: "external client to host:port",
      points: FROM_OUTSIDE,
      why: "the address is the host's own and the port is a socket of the host",
    },
    {
      ...BOUND,
      client: "other-node",
      name: "another machine of the cluster to host:port",
      points: FROM_OTHER_NODE,
      why: "the address is the host's own and the port is a socket of the host",
    },
    {
      ...BOUND,
      client: "own-address",
      name: "process on the host to its own address",
      points: shown("loopback", "client > dialled"),
      why: "an address of one's own is reached by lo, whatever device holds it",
    },
    {
      ...BOUND,
      client: "localhost",
      name: "process on the host to 127.0.0.1",
      points: shown("loopback", "client > dialled"),
      why: "both ends are sockets of the host",
    },
    {
      ...BOUND,
      client: "container",
      name: "container on a bridge to host:port",
      points: [...FROM_POD, ...shown("bridge", "client > dialled")],
      why: "delivered on INPUT, which no source translation follows",
    },
  ],
});
