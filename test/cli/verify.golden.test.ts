/** What `verify` and `scenarios` tell a person and a program, each with its exit code. */
import { golden } from "./golden.js";

const HEALTHY = "captures/hostport-external";
const INSIDE = `${HEALTHY}/svc_host_port.pcap`;
const MASQUERADED = "captures/broken-extra-masquerade";
const EXTERNAL = "--scenario hostport-external";
const LOCALHOST = "captures/hostport-localhost";

golden({ name: "verify-pass", command: `verify ${INSIDE} ${EXTERNAL}` });
golden({ name: "verify-strict", command: `verify ${INSIDE} ${EXTERNAL} --strict` });
golden({ name: "verify-json", command: `verify ${INSIDE} ${EXTERNAL} -o json` });
golden({
  name: "verify-pass-topology",
  command: `verify ${HEALTHY} ${EXTERNAL} --topology ${HEALTHY}/topology.yaml`,
});
golden({ name: "verify-fail", command: `verify ${MASQUERADED}/*.pcap ${EXTERNAL}` });
golden({ name: "verify-bundle", command: `verify ${MASQUERADED} ${EXTERNAL}` });
golden({ name: "verify-bundle-verbose", command: `verify ${MASQUERADED} ${EXTERNAL} -v` });
golden({
  name: "verify-fail-topology",
  command: `verify ${MASQUERADED} ${EXTERNAL} --topology ${MASQUERADED}/topology.yaml`,
});
for (const terminal of [80, 200]) {
  golden({
    name: `verify-terminal-${terminal}`,
    command: `verify ${MASQUERADED} ${EXTERNAL} --node 10.20.32.204`,
    world: { terminal },
  });
}
golden({
  name: "verify-verbose",
  command: `verify ${INSIDE} ${EXTERNAL} --node 10.20.32.204 --host-port 9000:8080 -v`,
});
golden({
  name: "verify-inconclusive",
  command: `verify ${LOCALHOST}/pod-p1a.eth0.pcap --scenario hostport-localhost`,
});
golden({
  name: "verify-drop",
  command: `verify captures/broken-forward-drop/*.pcap ${EXTERNAL} --node 10.20.32.204`,
});
golden({
  name: "verify-nothing-to-check",
  command: `verify captures/pod-to-pod-other-node/pod-p2a.eth0.pcap ${EXTERNAL}`,
});
golden({
  name: "verify-empty",
  command: `verify ${HEALTHY}/node1.lo.pcap ${EXTERNAL}`,
});
golden({
  name: "verify-other-scenario",
  command: `verify ${LOCALHOST}/pod-p1a.eth0.pcap ${EXTERNAL} --node 10.20.32.204 --pod 10.233.1.2`,
});

const told = (name: string): string =>
  `verify captures/${name} --topology captures/${name}/topology.yaml`;

golden({ name: "verify-auto", command: `${told("nodeport-cluster")} --scenario auto` });
golden({
  name: "verify-across",
  command: `${told("broken-session-affinity")} --scenario session-affinity`,
});
golden({
  name: "verify-state",
  command: `${told("broken-nodeport-local-as-cluster")} --scenario nodeport-local --state captures/broken-nodeport-local-as-cluster`,
});
for (const terminal of [80, 200]) {
  const points = ["client.eth0", "node1.eth0", "node2.eth0", "pod-p2a.eth0"].map(
    (name) => `captures/broken-return-route/${name}.pcap`,
  );
  golden({
    name: `verify-connection-${terminal}`,
    command:
      `verify ${points.join(" ")} --topology captures/broken-return-route/topology.yaml ` +
      "--scenario auto --connection 198.51.100.79:41001",
    world: { terminal },
  });
}
for (const [name, asked] of [
  ["verify-connection-unknown", "198.51.100.79:40000"],
  ["verify-connection-several", "10.20.32.204:9000"],
] as const) {
  golden({ name, command: `verify ${INSIDE} ${EXTERNAL} --connection ${asked}` });
}
golden({
  name: "verify-counters",
  command:
    `${told("broken-hostport-notrack")} --scenario hostport-external ` +
    "--state captures/broken-hostport-notrack --state-before captures/broken-hostport-notrack/before",
});
golden({
  name: "verify-path-without-topology",
  command: "verify captures/nodeport-cluster/client.eth0.pcap --scenario nodeport-cluster",
});
golden({
  name: "verify-two-pods",
  command: `${told("hostport-two-pods")} ${EXTERNAL}`,
});

golden({
  name: "verify-unknown-scenario",
  command: `verify ${INSIDE} --scenario hostport-exernal`,
});
golden({ name: "verify-no-scenario", command: `verify ${INSIDE}` });
golden({ name: "verify-bad-node", command: `verify ${INSIDE} ${EXTERNAL} --node 10.20.32.999` });
golden({ name: "verify-missing-file", command: `verify missing.pcap ${EXTERNAL}` });
golden({ name: "verify-some-missing", command: `verify missing.pcap ${INSIDE} ${EXTERNAL}` });
golden({ name: "verify-help", command: "verify --help" });

golden({ name: "scenarios-show", command: "scenarios show hostport-hairpin" });
