import { golden } from "./golden.js";

const state = (name: string): string => `--state captures/${name}`;
const CLIENT = "--from 198.51.100.79:41001 --to 10.20.32.204:9000";

golden({
  name: "predict-external",
  command: `predict ${state("hostport-external")} --in eth0 ${CLIENT}`,
});
golden({
  name: "predict-localhost",
  command: `predict ${state("hostport-localhost")} --local --from 127.0.0.1 --to 127.0.0.1:9000`,
});
golden({ name: "predict-dropped", command: `predict ${state("broken-forward-drop")} ${CLIENT}` });
golden({
  name: "predict-json",
  command: `predict ${state("hostnetwork-external")} --in eth0 --from 198.51.100.79:41001 --to 10.20.32.204:8081 -o json`,
});
golden({
  name: "predict-outside",
  command: `predict ${state("hostport-external")} --protocol icmp --from 10.233.1.2 --to 192.0.2.1`,
});

// The node of test/fixtures serves a Service of three endpoints and asks a match that is not modelled.
golden({
  name: "predict-chance",
  command:
    "predict --state test/fixtures/service-of-three --from 10.244.1.9:40000 --to 10.96.0.10:53 --protocol udp",
});
golden({
  name: "predict-unknown",
  command:
    "predict --state test/fixtures/service-of-three --local --from 192.0.2.10 --to 10.96.0.10:53 --protocol udp",
});
golden({
  name: "predict-ipv6",
  command:
    "predict --state test/fixtures/service-of-three --from [2001:db8:1::5]:40000 --to [2001:db8:f::9]:443",
});

golden({ name: "predict-help", command: "predict --help" });

const HOSTPORT = "--topology captures/hostport-external/topology.yaml";
const SERVICES = "--topology test/fixtures/two-node-services/topology.yaml";

// A whole cluster, with the rules that its topology lets one expect.
for (const [name, command, terminal] of [
  ["external", `${HOSTPORT} ${CLIENT}`],
  ["external-80", `${HOSTPORT} ${CLIENT}`, 80],
  ["external-200", `${HOSTPORT} ${CLIENT}`, 200],
  ["localhost", `${HOSTPORT} --at node1 --to 127.0.0.1:9000`],
  ["hairpin", `${HOSTPORT} --from-pod p1a --to 10.20.32.204:9000`],
  ["clusterip", `${SERVICES} --from-pod client --to 10.96.0.10:80`],
  ["clusterip-80", `${SERVICES} --from-pod client --to 10.96.0.10:80`, 80],
  ["nodeport", `${SERVICES} --from 198.51.100.79:40000 --at node2 --to 192.0.2.11:30080`],
  ["no-endpoints", `${SERVICES} --at node1 --to 10.96.0.20:80`],
  ["nobody-there", `${SERVICES} --from-pod client --to 10.244.1.9:80`],
  ["docker", `${SERVICES} --from 198.51.100.79 --to 192.0.2.10:8088`],
  ["docker-localhost", `${SERVICES} --at node1 --to 127.0.0.1:8088`],
  ["ingress", `${SERVICES} --from 198.51.100.79 --to 192.0.2.10:80`],
  ["sidecar", `${SERVICES} --from-pod client --to 10.244.2.6:8080`],
  ["ping", `${SERVICES} --proto icmp --from-pod client --to 10.244.2.5`],
  ["json", `${HOSTPORT} ${CLIENT} -o json`],
] as const) {
  golden({
    name: `predict-topology-${name}`,
    command: `predict ${command}`,
    world: terminal === undefined ? {} : { terminal, env: { NO_COLOR: "1" } },
  });
}

// With nodes' own state in the place of what would be expected of them.
const both = (name: string): string =>
  `--topology captures/${name}/topology.yaml --state captures/${name}`;

for (const [name, command] of [
  ["external", `${both("hostport-external")} ${CLIENT}`],
  ["hairpin", `${both("hostport-external")} --from-pod p1a --to 10.20.32.204:9000`],
  ["dropped", `${both("broken-forward-drop")} ${CLIENT}`],
  ["rejected", `${both("clusterip-no-endpoints")} --from-pod p1b --to 10.96.0.10:80`],
  ["random", `${both("nodeport-200-connections")} --from 198.51.100.79 --to 10.20.32.204:30080`],
] as const) {
  golden({ name: `predict-both-${name}`, command: `predict ${command}` });
}

golden({
  name: "predict-both-unrecognised",
  command:
    "predict --topology test/fixtures/no-bridge-nf/topology.yaml --state test/fixtures/no-bridge-nf --from-pod client --to 10.96.0.10:80",
});

for (const [name, command] of [
  ["nothing-known", `predict ${CLIENT}`],
  ["pod", `predict ${HOSTPORT} --from-pod p1 --to 10.20.32.204:9000`],
  ["pod-gone", `predict ${SERVICES} --from-pod deleted --to 10.96.0.10:80`],
  ["node", `predict ${HOSTPORT} --at node7 --to 10.20.32.204:9000`],
  ["pod-with-at", `predict ${HOSTPORT} --from-pod p1a --at node1 --to 10.20.32.204:9000`],
  ["pod-of-state", `predict ${state("hostport-external")} --from-pod p1a --to 10.20.32.204:9000`],
  ["nobody", `predict ${HOSTPORT} --from 10.233.1.77 --to 10.20.32.204:9000`],
  ["nobodys-target", `predict ${HOSTPORT} --from 198.51.100.79 --to 10.20.32.99:9000`],
  ["nobody-named", `predict ${HOSTPORT} --to 10.20.32.204:9000`],
  ["loopback", `predict ${HOSTPORT} --from 127.0.0.1 --to 127.0.0.1:9000`],
  ["not-pods", `predict ${HOSTPORT} --from-pod p1a --from 10.233.1.3 --to 10.20.32.204:9000`],
  ["other-node", `predict ${HOSTPORT} --at node1 --from 10.20.32.205 --to 10.20.32.204:9000`],
  ["pod-ipv6", `predict ${HOSTPORT} --from-pod p1a --to [2001:db8::2]:80`],
  ["in", `predict ${HOSTPORT} --in eth0 ${CLIENT}`],
  ["topology-missing", `predict --topology missing.yaml ${CLIENT}`],
  ["topology-wrong", `predict --topology test/tsconfig.json ${CLIENT}`],
  ["at-without-route", `predict ${state("hostport-external")} --at node7 --to 10.0.0.2:80`],
  ["no-state", "predict --state missing --from 10.0.0.1 --to 10.0.0.2:80"],
  ["no-files", "predict --state captures --from 10.0.0.1 --to 10.0.0.2:80"],
  [
    "no-node",
    "predict --state captures/hostport-external --node node7 --from 10.0.0.1 --to 10.0.0.2:80",
  ],
  ["no-interface", `predict ${state("hostport-external")} --in eth7 ${CLIENT}`],
  ["not-own", `predict ${state("hostport-external")} --local ${CLIENT}`],
  ["no-port", `predict ${state("hostport-external")} --from 10.0.0.1 --to 10.0.0.2`],
  ["no-address", `predict ${state("hostport-external")} --from client --to 10.0.0.2:80`],
  ["mixed", `predict ${state("hostport-external")} --from 2001:db8::1 --to 10.0.0.2:80`],
  ["no-ipv6", `predict ${state("hostport-external")} --from 2001:db8::1 --to [2001:db8::2]:80`],
  ["protocol", `predict ${state("hostport-external")} --protocol ospf ${CLIENT}`],
] as const) {
  golden({ name: `predict-refused-${name}`, command });
}
