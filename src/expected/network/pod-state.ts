/** A pod's own network namespace: lo, eth0, and the way out by its node's bridge. */
import type { HostInterface, Route } from "#cluster/host.js";
import type { Pod, Topology } from "#cluster/topology.js";
import type { Ruleset } from "#expected/netfilter/rule.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { readIptablesSave } from "#expected/rulesets/iptables-save.js";
import { sidecarRules } from "#expected/rulesets/sidecar-rules.js";
import { isLoopback, type Address } from "#net/address.js";
import { prefixContains, prefixOf, type Prefix } from "#net/prefix.js";
import { hostInterface, isOfFamily, type Family } from "./node-interfaces.js";
import { connectedRoutes, defaultOf, routeBy } from "./node-routes.js";

export interface PodAsked {
  readonly topology: Topology;
  readonly pod: Pod;
  readonly family: Family;
  /** The node as it is walked, whose bridge is the pod's gateway. */
  readonly node: NodeState;
}

export function podState(asked: PodAsked): NodeState {
  const { pod, family } = asked;
  const interfaces = [LO, ...ethernetOf(asked)];
  return {
    name: pod.name,
    interfaces,
    routes: [...connectedRoutes(interfaces, family), ...defaultRoute(asked)],
    sysctls: new Map([["net.ipv4.ip_forward", "0"]]),
    rules: rulesOf(pod),
    sets: new Map(),
    entries: [],
    ipvs: [],
  };
}

/** A container with `--net=none` has its loopback address and nothing else. */
function ethernetOf({ topology, pod }: PodAsked): readonly HostInterface[] {
  if (isLoopback(pod.address)) return [];
  const addresses = [{ ...subnetOf(topology, pod), address: pod.address }];
  const kind = "uplink";
  return [
    hostInterface({ name: "eth0", kind, addresses, index: undefined, pod: undefined }, undefined),
  ];
}

function defaultRoute(asked: PodAsked): readonly Route[] {
  if (isLoopback(asked.pod.address)) return [];
  const gateway = gatewayOf(asked);
  const destination = defaultOf(asked.family);
  return [routeBy({ destination, device: "eth0", ...(gateway !== undefined && { gateway }) })];
}

/** Most pods have no rules, and clusters have many pods. */
const NO_RULES = readIptablesSave({ file: "no rules", text: iptablesSaveText([]) });

function rulesOf({ name, sidecar }: Pod): Ruleset {
  if (sidecar === undefined) return NO_RULES;
  const text = iptablesSaveText([sidecarRules(sidecar)]);
  return readIptablesSave({ file: `rules generated for ${name}`, text });
}

const LO = hostInterface(
  {
    name: "lo",
    index: undefined,
    kind: "loopback",
    addresses: [
      { address: "127.0.0.1", length: 8 },
      { address: "::1", length: 128 },
    ],
    pod: undefined,
  },
  undefined,
);

function subnetOf({ nodes }: Topology, { address, network, node }: Pod): Prefix {
  const home = nodes.find(({ name }) => name === node);
  const docker = home?.docker?.networks.find(({ name }) => name === network)?.subnet;
  const known = [docker, home?.podCIDR].find((prefix) => prefix && prefixContains(prefix, address));
  return known ?? prefixOf(address, address.includes(":") ? 128 : 32);
}

/** The address of the bridge in the pod's subnet. */
function gatewayOf({ topology, pod, node, family }: PodAsked): Address | undefined {
  const subnet = subnetOf(topology, pod);
  return node.interfaces
    .filter(({ isBridge }) => isBridge)
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .find((address) => isOfFamily(family, address) && prefixContains(subnet, address));
}
