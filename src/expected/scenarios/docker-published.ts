import {
  FROM_OTHER_NODE,
  FROM_OUTSIDE,
  FROM_POD,
  FROM_PROCESS,
  shown,
  shownAlone,
  toNeighbour,
  toPod,
} from "./legs.js";
import type { PathRow } from "./path-row.js";
import { defineScenario } from "./scenario.js";

const PUBLISHED = {
  dialled: "published-port",
  outcome: "answered",
  reference: "moby v26.1.4 libnetwork/iptables/iptables.go, cmd/docker-proxy/tcp_proxy_linux.go",
} as const satisfies Partial<PathRow>;

const PROXIED = { ...PUBLISHED, policy: "userland-proxy" } as const;
const HAIRPIN = { ...PUBLISHED, policy: "no-userland-proxy" } as const;

const IN = "nat PREROUTING        -m addrtype --dst-type LOCAL -j DOCKER";
const OUT_PROXIED = "nat OUTPUT            ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER";
const OUT_HAIRPIN = "nat OUTPUT            -m addrtype --dst-type LOCAL -j DOCKER";
const DNAT = "nat DOCKER            ! -i docker0 -p tcp --dport PORT -j DNAT --to C:PORT";
const DNAT_HAIRPIN = "nat DOCKER            -p tcp --dport PORT -j DNAT --to C:PORT";
const RETURNED = "nat DOCKER            -i docker0 -j RETURN";
const FROM_HOST = "nat POSTROUTING       -o docker0 -m addrtype --src-type LOCAL -j MASQUERADE";
const OWN = "nat POSTROUTING       -s C -d C -p tcp --dport PORT -j MASQUERADE";

const WHY_PROXY =
  "docker-proxy listens on the host and dials the container anew, from the bridge's address";

export default defineScenario({
  name: "docker-published",
  title: "somebody dials a published port of a container (-p)",
  question: "is it a rule or docker-proxy that answers, and whom does the container see?",
  target: "path",
  explanation:
    "Two things serve a published port. A DNAT rule serves strangers and the host by its own address: " +
    "the container sees the client. docker-proxy, a program on the host, serves what the rules leave out: " +
    "127.0.0.1, because Docker does not route loopback addresses while it runs, and containers of the " +
    "same bridge, whose packets the DOCKER chain returns. It makes two connections out of one, so the " +
    "container sees the bridge's address and a new port, and lo shows the first of the two. With " +
    "userland-proxy off the rules do it all: route_localnet lets 127.0.0.1 out, everything from the host " +
    "is masqueraded to the bridge's address with its port kept, and a container's neighbour keeps its own " +
    "address because bridge-nf shows the rules the answer.",
  paths: [
    ...[PROXIED, HAIRPIN].flatMap((docker): readonly PathRow[] => [
      {
        ...docker,
        client: "external",
        endpoint: "same-node",
        name: `external client to host:port, ${words(docker)}`,
        source: "client",
        points: [...FROM_OUTSIDE, ...toPod("client")],
        rules: [IN, docker === PROXIED ? DNAT : DNAT_HAIRPIN],
        why: "only the destination changes; the answer comes back by the host in any case",
      },
      {
        ...docker,
        client: "other-node",
        endpoint: "same-node",
        name: `another machine of the cluster to host:port, ${words(docker)}`,
        source: "client",
        points: [...FROM_OTHER_NODE, ...toPod("client")],
        rules: [IN, docker === PROXIED ? DNAT : DNAT_HAIRPIN],
        why: "a stranger like any other",
      },
    ]),
    {
      ...PROXIED,
      client: "own-address",
      endpoint: "same-node",
      name: "process on the host to its own address, with docker-proxy",
      source: "client",
      points: [...FROM_PROCESS, ...toPod("client")],
      rules: [OUT_PROXIED, DNAT],
      why: "the rule takes it before docker-proxy's socket would; the host's address is no loopback address",
    },
    {
      ...HAIRPIN,
      client: "own-address",
      endpoint: "same-node",
      name: "process on the host to its own address, without docker-proxy",
      source: "bridge",
      points: [...FROM_PROCESS, ...toPod("bridge", "client")],
      rules: [OUT_HAIRPIN, DNAT_HAIRPIN, FROM_HOST],
      why: "everything local that leaves by the bridge is masqueraded, its port kept",
    },
    {
      ...PROXIED,
      client: "localhost",
      endpoint: "host-network",
      name: "process on the host to 127.0.0.1, with docker-proxy",
      source: "client",
      points: shown("loopback", "client > dialled"),
      rules: [],
      why: WHY_PROXY,
    },
    {
      ...HAIRPIN,
      client: "localhost",
      endpoint: "same-node",
      name: "process on the host to 127.0.0.1, without docker-proxy",
      source: "bridge",
      points: [...FROM_PROCESS, ...toPod("bridge", "client")],
      rules: [OUT_HAIRPIN, DNAT_HAIRPIN, FROM_HOST],
      why: "a container cannot answer 127.0.0.1: that address is its own",
    },
    {
      ...PROXIED,
      client: "container",
      endpoint: "host-network",
      name: "container to a neighbour's host:port, with docker-proxy",
      source: "client",
      points: [...FROM_POD, ...shown("bridge", "client > dialled")],
      rules: [RETURNED],
      why: WHY_PROXY,
    },
    {
      ...HAIRPIN,
      client: "container",
      endpoint: "same-node",
      name: "container to a neighbour's host:port, without docker-proxy",
      source: "client",
      points: [...FROM_POD, ...toNeighbour("client")],
      rules: [IN, DNAT_HAIRPIN],
      why: "the answer goes from port to port of the bridge; bridge-nf lets the rules turn its source back",
    },
    {
      ...PROXIED,
      client: "hairpin",
      endpoint: "host-network",
      name: "container to its own host:port, with docker-proxy",
      source: "client",
      points: [...FROM_POD, ...shown("bridge", "client > dialled")],
      rules: [RETURNED],
      why: WHY_PROXY,
    },
    {
      ...HAIRPIN,
      client: "hairpin",
      endpoint: "itself",
      name: "container to its own host:port, without docker-proxy",
      source: "bridge",
      points: [...FROM_POD, ...toNeighbour("bridge")],
      rules: [IN, DNAT_HAIRPIN, OWN],
      why: "a container drops packets from its own address",
    },
    {
      ...PROXIED,
      client: "container-other-network",
      endpoint: "host-network",
      name: "container of another network to host:port, with docker-proxy",
      source: "client",
      points: [...FROM_POD, ...shown("client-bridge", "client > dialled")],
      rules: [RETURNED],
      why: "up to version 27 each network's bridge returns from DOCKER; docker-proxy answers",
    },
    {
      ...HAIRPIN,
      client: "container-other-network",
      endpoint: "none",
      name: "container of another network to host:port, without docker-proxy",
      outcome: "dropped",
      source: undefined,
      points: [
        ...FROM_POD.map((point) => ({ ...point, reply: undefined })),
        ...shownAlone("client-bridge", "client > endpoint"),
      ],
      rules: [IN, DNAT_HAIRPIN, "filter DOCKER-ISOLATION-STAGE-2  -o docker0 -j DROP"],
      why: "translated at its own bridge's port, and then one network to another: isolated",
    },
  ],
});

function words({ policy }: { readonly policy: string }): string {
  return policy === "userland-proxy" ? "with docker-proxy" : "without docker-proxy";
}
