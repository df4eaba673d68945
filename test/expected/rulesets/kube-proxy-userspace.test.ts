/** kube-proxy's userspace mode (k8s v1.20.2 pkg/proxy/userspace/proxier.go). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTopology } from "#cluster/topology-file.js";
import { formatPredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { userspaceRules } from "#expected/rulesets/kube-proxy-userspace.js";
import { madeService } from "../../support/kube-proxy-services.js";
import { madeNode, NODE, NODE6, tuple } from "../../support/netfilter.js";

const lines = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/^\[\d+:\d+\] /, ""))
    .filter((line) => line.startsWith("-A") && line.includes("KUBE-"));

function recorded(name: string): { readonly file: string; readonly text: string } {
  const file = `captures/userspace-proxy/${name}`;
  return { file, text: readFileSync(file, "utf8") };
}

test("the lab's rules, letter by letter", () => {
  const { services, nodes } = readTopology(recorded("topology.yaml"));
  const rules = userspaceRules({
    family: "ipv4",
    addresses: nodes.find(({ name }) => name === "node1")?.addresses ?? [],
    services,
    // Where the lab's stand-in for kube-proxy listened.
    proxyPorts: new Map([
      ["default/web:http", 37_321],
      ["default/far:http", 37_322],
    ]),
  });
  const saved = lines(recorded("node1.iptables-save.txt").text);
  expect(saved.length).toBeGreaterThan(10);
  expect([...lines(iptablesSaveText([rules]))].sort()).toEqual([...saved].sort());
});

const SERVICE = madeService({
  clusterIPs: ["10.96.0.50", "fd00::50"],
  ports: [
    { name: undefined, protocol: "udp", port: 53, targetPort: 5353, nodePort: 30_053 },
    { name: "somewhere", protocol: "tcp", port: 80, targetPort: 8080, nodePort: undefined },
  ],
  externalIPs: ["203.0.113.9", "192.0.2.11"],
  loadBalancerIPs: ["203.0.113.10"],
});

const written = (family: "ipv4" | "ipv6"): string =>
  iptablesSaveText([
    userspaceRules({
      family,
      addresses: [NODE, NODE6],
      services: [SERVICE],
      proxyPorts: new Map([["default/web", 40_053]]),
    }),
  ]);

describe("a Service", () => {
  const asked = '-p udp -m comment --comment "default/web" -m udp';

  // oxfmt-ignore
  test.each([
    ["ipv4", "KUBE-PORTALS-CONTAINER", [
      `-d 10.96.0.50/32 ${asked} --dport 53 -j REDIRECT --to-ports 40053`,
      `-d 203.0.113.9/32 ${asked} --dport 53 -m physdev ! --physdev-is-in -j REDIRECT --to-ports 40053`,
      `-d 203.0.113.9/32 ${asked} --dport 53 -m addrtype --dst-type LOCAL -j REDIRECT --to-ports 40053`,
      `-d 192.0.2.11/32 ${asked} --dport 53 -m physdev ! --physdev-is-in -j REDIRECT --to-ports 40053`,
      `-d 192.0.2.11/32 ${asked} --dport 53 -m addrtype --dst-type LOCAL -j REDIRECT --to-ports 40053`,
      `-d 203.0.113.10/32 ${asked} --dport 53 -j REDIRECT --to-ports 40053`,
    ]],
    ["ipv4", "KUBE-PORTALS-HOST", [
      `-d 10.96.0.50/32 ${asked} --dport 53 -j DNAT --to-destination ${NODE}:40053`,
      `-d 203.0.113.9/32 ${asked} --dport 53 -m addrtype --dst-type LOCAL -j DNAT --to-destination ${NODE}:40053`,
      `-d 192.0.2.11/32 ${asked} --dport 53 -m addrtype --dst-type LOCAL -j DNAT --to-destination ${NODE}:40053`,
      `-d 203.0.113.10/32 ${asked} --dport 53 -j DNAT --to-destination ${NODE}:40053`,
    ]],
    ["ipv4", "KUBE-NODEPORT-NON-LOCAL", [`${asked} --dport 40053 -m state --state NEW -j ACCEPT`]],
    ["ipv6", "KUBE-PORTALS-HOST", [`-d fd00::50/128 ${asked} --dport 53 -j DNAT --to-destination [${NODE6}]:40053`]],
    ["ipv6", "KUBE-NODEPORT-CONTAINER", [`${asked} --dport 30053 -j REDIRECT --to-ports 40053`]],
  ] as const)("%s %s", (family, chain, rules) => {
    const inChain = written(family).split("\n").filter((line) => line.startsWith(`-A ${chain} `) && line.includes(" -p udp "));
    expect(inChain.map((line) => line.replace(/^-A \S+ /, ""))).toEqual(rules);
  });

  test("is led to some port of the node where kube-proxy's is not known", () => {
    const arrival = { from: "interface", name: "eth0" } as const;
    const sent = tuple("tcp 198.51.100.7:40000 > 10.96.0.50:80");
    const [trace] = traverse(madeNode(written("ipv4")), { tuple: sent, arrival });
    expect(trace).toMatchObject({
      disposition: "delivered-locally",
      final: { destination: { address: NODE, port: "any" } },
    });
  });

  // oxfmt-ignore
  test.each([
    ["a pod to the cluster IP: the bridge's address",   "veth1",   "10.244.1.5:40000",     "10.96.0.50:53",   "10.244.1.1:40053"],
    ["a client to the cluster IP",                      "eth0",    "198.51.100.7:40000",   "10.96.0.50:53",   `${NODE}:40053`],
    ["a process to the cluster IP",                     "process", `${NODE}:40000`,        "10.96.0.50:53",   `${NODE}:40053`],
    ["a client to a node port",                         "eth0",    "198.51.100.7:40000",   `${NODE}:30053`,   `${NODE}:40053`],
    ["a pod to a node port",                            "veth1",   "10.244.1.5:40000",     `${NODE}:30053`,   "10.244.1.1:40053"],
    ["a process to a node port on localhost",           "process", "127.0.0.1:40000",      "127.0.0.1:30053", `${NODE}:40053`],
    ["a client to an external IP",                      "eth0",    "198.51.100.7:40000",   "203.0.113.9:53",  `${NODE}:40053`],
    // The rule is not for what comes over a bridge.
    ["a pod to an external IP of elsewhere",            "veth1",   "10.244.1.5:40000",     "203.0.113.9:53",  "203.0.113.9:53"],
    ["a pod to an external IP of the node",             "veth1",   "10.244.1.5:40000",     "192.0.2.11:53",   "10.244.1.1:40053"],
    ["a process to an external IP of elsewhere",        "process", `${NODE}:40000`,        "203.0.113.9:53",  "203.0.113.9:53"],
    ["another port of it",                              "eth0",    "198.51.100.7:40000",   "10.96.0.50:54",   "10.96.0.50:54"],
  ])("%s", (_, by, source, to, reaches) => {
    const arrival =
      by === "process" ? ({ from: "process" } as const) : ({ from: "interface", name: by } as const);
    const sent = tuple(`udp ${source} > ${to}`);
    const traces = traverse(madeNode(written("ipv4")), { tuple: sent, arrival });
    expect(traces.map(({ final }) => formatPredictedTuple(final).split(" > ")[1])).toEqual([reaches]);
  });
});
