import { BRIDGED, FROM_POD, shownAlone } from "./legs.js";
import { defineScenario } from "./scenario.js";

export default defineScenario({
  name: "docker-container",
  title: "a container dials another container by its address",
  question: "is nothing translated, and why can networks not reach each other?",
  target: "path",
  explanation:
    "Two containers of one network are two ports of one bridge: packets go from one to the other as they " +
    "are. Two networks are two bridges, and Docker's isolation chains drop what one of them forwards to " +
    "the other: silence, although the host knows both. Publish a port, or join both to one network.",
  paths: [
    {
      client: "container",
      dialled: "pod",
      endpoint: "same-node",
      name: "container to a container of the same network",
      outcome: "answered",
      source: "client",
      points: [...FROM_POD, ...BRIDGED],
      rules: [],
      why: "the bridge carries it like any switch",
      reference: "linux net/bridge/br_input.c br_handle_frame_finish",
    },
    {
      client: "container-other-network",
      dialled: "pod",
      endpoint: "none",
      name: "container to a container of another network",
      outcome: "dropped",
      source: undefined,
      points: [
        ...FROM_POD.map((point) => ({ ...point, reply: undefined })),
        ...shownAlone("client-bridge", "client > dialled"),
      ],
      rules: [
        "filter DOCKER-ISOLATION-STAGE-1  -i BRIDGE ! -o BRIDGE -j DOCKER-ISOLATION-STAGE-2",
        "filter DOCKER-ISOLATION-STAGE-2  -o OTHER-BRIDGE -j DROP",
      ],
      why: "networks are kept apart on purpose",
      reference: "moby v26.1.4 libnetwork/drivers/bridge/setup_ip_tables_linux.go",
    },
  ],
});
