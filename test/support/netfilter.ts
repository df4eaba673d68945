/** Nodes and packets for tests of the datapath model. */
import type { HostInterface } from "#cluster/host.js";
import { readIpAddr, readIpRoute } from "#cluster/ip-json.js";
import { readSysctls } from "#cluster/sysctl-text.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import {
  formatPredictedTuple,
  type PredictedEndpoint,
  type PredictedTuple,
} from "#expected/netfilter/predicted-tuple.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { parsePrefix, prefixOf } from "#net/prefix.js";
import { readFileSync } from "node:fs";

/** `10.0.0.1:80`, `[2001:db8::1]:80`. */
export function endpoint(text: string): PredictedEndpoint {
  const at = text.lastIndexOf(":");
  const port = text.slice(at + 1);
  return {
    address: text.slice(0, at).replace(/^\[|\]$/g, ""),
    port: port === "*" ? "any" : Number(port),
  };
}

/** `tcp 10.0.0.1:40000 > 10.0.0.2:80`. */
export function tuple(text: string): PredictedTuple {
  const [protocol = "", source = "", , destination = ""] = text.split(" ");
  return { protocol, source: endpoint(source), destination: endpoint(destination) };
}

/** `forwarded tcp 10.0.0.1:40000 > 10.0.0.2:80`, `dropped -A FORWARD -j DROP`. */
export function outcome({ disposition, final, rule, reason }: Trace): string {
  if (disposition === "forwarded" || disposition === "delivered-locally") {
    return `${disposition} ${formatPredictedTuple(final)}`;
  }
  return [disposition, rule?.text, reason].filter(Boolean).join(" ");
}

/** The node of a recorded case, as its files tell it. */
export function recordedNode(folder: string): NodeState {
  const read = (name: string): { file: string; text: string } => {
    const file = `captures/${folder}/node1.${name}`;
    return { file, text: readFileSync(file, "utf8") };
  };
  return {
    name: "node1",
    rules: readIptablesSave(read("iptables-save.txt")),
    interfaces: readIpAddr(read("ip-addr.json")),
    routes: readIpRoute({ ...read("ip-route.json"), family: "ipv4" }),
    sysctls: readSysctls(read("sysctl.txt").text),
    sets: new Map(),
    entries: [],
    ipvs: [],
  };
}

export const NODE = "192.0.2.10";
export const NODE6 = "2001:db8::10";

/** A node with one uplink and one bridge of pods, and the rules that a test is about. */
export function madeNode(rules: string, more: Partial<NodeState> = {}): NodeState {
  return {
    name: "node1",
    rules: readIptablesSave({ file: "rules.txt", text: rules }),
    interfaces: [
      madeInterface("lo", "127.0.0.1/8", "::1/128"),
      madeInterface("eth0", `${NODE}/24`, "192.0.2.11/24", `${NODE6}/64`),
      { ...madeInterface("cni0", "10.244.1.1/24", "2001:db8:1::1/64"), isBridge: true },
      { ...madeInterface("veth1"), bridge: "cni0" },
    ],
    routes: readIpRoute({
      file: "routes.json",
      family: "ipv4",
      text: JSON.stringify([
        { dst: "default", gateway: "192.0.2.1", dev: "eth0" },
        { dst: "192.0.2.0/24", dev: "eth0" },
        { dst: "10.244.1.0/24", dev: "cni0" },
        { dst: "::/0", gateway: "2001:db8::1", dev: "eth0" },
        { dst: "2001:db8:1::/64", dev: "cni0" },
        { type: "broadcast", dst: "192.0.2.255", dev: "eth0", table: "local" },
      ]),
    }),
    sysctls: readSysctls(`
      net.ipv4.ip_forward = 1
      net.ipv6.conf.all.forwarding = 1
      net.bridge.bridge-nf-call-iptables = 1
      net.ipv4.conf.cni0.route_localnet = 1
    `),
    sets: new Map(),
    entries: [],
    ipvs: [],
    ...more,
  };
}

function madeInterface(name: string, ...prefixes: readonly string[]): HostInterface {
  const isLoopback = name === "lo";
  const addresses = prefixes.flatMap((text, at) => {
    const prefix = parsePrefix(text);
    if (prefix === undefined) return [];
    const { address, length } = prefix;
    const isSecondary = at > 0 && !address.includes(":");
    const scope = isLoopback ? ("host" as const) : ("global" as const);
    return [{ address, subnet: prefixOf(address, length), scope, isSecondary }];
  });
  return { name, bridge: undefined, isBridge: false, isLoopback, addresses };
}
