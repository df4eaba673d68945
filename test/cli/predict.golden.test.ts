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

for (const [name, command] of [
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
