import { FROM_POD, shown } from "./legs.js";
import { defineScenario } from "./scenario.js";

export default defineScenario({
  name: "docker-egress",
  title: "a container on a Docker bridge dials out",
  question: "does the world see the host's address and the container's own port?",
  target: "path",
  explanation:
    "Docker masquerades what comes from a network's subnet and leaves by any device but the network's own " +
    "bridge. The server sees the host's address; the port is the container's own unless another " +
    "connection has it already, for Docker's rule does not ask for random ports. Between containers of " +
    "one bridge the rule does not match, so nothing is translated there.",
  paths: [
    {
      client: "container",
      dialled: "outside",
      endpoint: "outside",
      name: "container to a server outside",
      outcome: "answered",
      source: "node",
      points: [
        ...FROM_POD,
        ...shown("bridge", "client > dialled"),
        ...shown(["uplink", "server"], "node > dialled"),
      ],
      rules: ["nat POSTROUTING       -s SUBNET ! -o docker0 -j MASQUERADE"],
      why: "it leaves by another device than its own bridge",
      reference: "moby v26.1.4 libnetwork/drivers/bridge/setup_ip_tables_linux.go",
    },
  ],
});
