/** kube-proxy's rules and sets of its ipvs mode, held against a kernel that has all but IPVS. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { HostInterface } from "#cluster/host.js";
import { readIpRoute } from "#cluster/ip-json.js";
import type { Service } from "#cluster/service.js";
import type { Arrival } from "#expected/netfilter/packet.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { IPVS_DEVICE, kubeProxyIpvs } from "#expected/rulesets/kube-proxy-ipvs.js";
import { parsePrefix, prefixOf } from "#net/prefix.js";
import { madeEndpoint, madeProxy, madeService } from "../../support/kube-proxy-services.js";
import { endpoint, madeNode } from "../../support/netfilter.js";

const PROTOCOLS = ["tcp", "udp", "sctp"] as const;
const RANGES = ["192.0.2.0/24", "10.20.32.0/24"].flatMap((text) => parsePrefix(text) ?? []);

function service(at: number, externalTrafficPolicy: Service["externalTrafficPolicy"]): Service {
  return madeService({
    name: `default/web${at}`,
    clusterIPs: [`10.96.0.${at}`],
    ports: PROTOCOLS.map((protocol, index) => ({
      name: protocol,
      protocol,
      port: 80,
      targetPort: 8080,
      nodePort: 30_000 + at * 3 + index,
    })),
    externalIPs: [`198.51.100.${at}`],
    loadBalancerIPs: [`203.0.113.${at}`],
    loadBalancerSourceRanges: RANGES,
    externalTrafficPolicy,
    healthCheckNodePort: 32_122,
    endpoints: [
      madeEndpoint("10.233.1.140", { node: "worker1" }),
      madeEndpoint("10.233.2.7", { node: "worker2" }),
    ],
  });
}

const ipvs = kubeProxyIpvs({
  family: "ipv4",
  node: { name: "worker1", addresses: ["10.20.32.204", "10.233.1.1"] },
  services: [service(20, "Cluster"), service(21, "Local")],
  kubeProxy: madeProxy({ mode: "ipvs" }),
  clusterCIDR: parsePrefix("10.233.0.0/16"),
});

function port(name: string, ...addresses: readonly string[]): HostInterface {
  const own = addresses.map((address) => {
    const scope = name === "lo" ? ("host" as const) : ("global" as const);
    const subnet = prefixOf(address, name === IPVS_DEVICE ? 32 : 24);
    return { address, subnet, scope, isSecondary: false };
  });
  const isLoopback = name === "lo";
  return { name, bridge: undefined, isBridge: false, isLoopback, addresses: own };
}

const NODE = madeNode("", {
  interfaces: [
    port("lo", "127.0.0.1"),
    port("eth0", "10.20.32.204"),
    port("cni0", "10.233.1.1"),
    port(IPVS_DEVICE, ...ipvs.addresses),
  ],
  routes: readIpRoute({
    file: "routes.json",
    family: "ipv4",
    text: JSON.stringify([
      { dst: "10.20.32.0/24", dev: "eth0" },
      { dst: "10.233.1.0/24", dev: "cni0" },
      { dst: "172.16.9.9", gateway: "10.20.32.201", dev: "eth0" },
    ]),
  }),
  rules: readIptablesSave({ file: "rules", text: iptablesSaveText([ipvs.rules]) }),
  sets: ipvs.sets,
});

const ARRIVALS: ReadonlyMap<string, Arrival> = new Map([
  ["10.20.32.201", { from: "interface", name: "eth0" }],
  ["172.16.9.9", { from: "interface", name: "eth0" }],
  ["10.233.1.140", { from: "interface", name: "cni0" }],
]);

const dials = readFileSync("test/fixtures/ipvs-marks/dials.txt", "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [source = "", destination = "", protocol = "", ...met] = line.split(" ");
    return { source, destination, protocol, met: met.join(" ") };
  });

test("the recorded dials are all there", () => {
  expect(dials).toHaveLength(132);
});

test.each(dials)("$protocol $source to $destination: $met", ({ source, destination, ...dial }) => {
  const traces = traverse(NODE, {
    tuple: {
      protocol: dial.protocol,
      source: { address: source, port: 40_000 },
      destination: endpoint(destination),
    },
    arrival: ARRIVALS.get(source) ?? { from: "process" },
  });
  expect(traces.map(metOf)).toEqual([dial.met]);
});

function metOf({ steps }: Trace): string {
  const texts = steps.flatMap((step) => (step.kind === "rule" ? step.rule.text : []));
  const has = (text: string): boolean => texts.some((one) => one.startsWith(text));
  const met = [
    ...(has("-A KUBE-MARK-MASQ ") ? ["marked"] : []),
    ...(has("-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW") ? ["refused"] : []),
    ...(has("-A KUBE-SOURCE-RANGES-FIREWALL -j DROP") ? ["dropped"] : []),
  ];
  return met.join(" ") || "-";
}
