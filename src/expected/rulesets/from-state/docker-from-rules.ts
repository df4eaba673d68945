/** Docker's networks and published ports on one node, as its rules show them (docker-rules.ts writes the same). */
import type { HostInterface } from "#cluster/host.js";
import type { Docker, DockerNetwork, HostPort, Unclear } from "#cluster/topology.js";
import type { Rule, Ruleset } from "#expected/netfilter/rule.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { isLoopback, type Address } from "#net/address.js";
import { prefixContains } from "#net/prefix.js";
import {
  blockAsked,
  blockExcluded,
  chainAsked,
  dnatOf,
  interfaceAsked,
  interfaceExcluded,
  portAsked,
  transportAsked,
} from "./asked-of.js";
import { hasChain, rulesOf } from "./rules-of.js";

export interface DockerFromRules {
  readonly docker: Docker;
  readonly containers: readonly {
    readonly address: Address;
    readonly network: string;
    readonly hostPorts: readonly HostPort[];
  }[];
  readonly unclear: readonly Unclear[];
}

/** Undefined where Docker has no chain in nat. */
export function dockerFromRules({
  name,
  rules,
  interfaces,
}: NodeState): DockerFromRules | undefined {
  if (!hasChain(rules, "nat", "DOCKER")) return undefined;
  const networks = interfaces.flatMap((port) => networkOf(rules, port));
  const published = rulesOf(rules, "nat", "DOCKER").flatMap(publishedBy);
  const opened = rulesOf(rules, "filter", "DOCKER").flatMap(openedBy);
  const addresses = [...new Set([...published, ...opened].map(({ address }) => address))];
  const containers = addresses.flatMap((address) => {
    const network = networks.find(({ subnet }) => prefixContains(subnet, address));
    if (network === undefined) return [];
    const hostPorts = published.flatMap((one) => (one.address === address ? one.hostPort : []));
    return [{ address, network: network.name, hostPorts }];
  });
  const unled = opened.filter(
    (one) =>
      !published.some(
        ({ address, hostPort }) => address === one.address && hostPort.containerPort === one.port,
      ),
  );
  return {
    docker: { version: generationOf(rules), userlandProxy: hasProxy(rules), networks },
    containers,
    unclear: unled.map(({ address, port }) => ({
      says:
        `${name}: Docker lets ${address} be reached at port ${port}, and no rule of nat DOCKER leads there: ` +
        "by which port of the node it is published is not known",
      ports: undefined,
    })),
  };
}

function networkOf(rules: Ruleset, { name, isBridge, addresses }: HostInterface): DockerNetwork[] {
  const own = addresses.find(({ scope, address }) => scope === "global" && !address.includes(":"));
  if (!isBridge || own === undefined || !isDockers(rules, name)) return [];
  const network = name === "docker0" ? "bridge" : name;
  return [{ name: network, bridge: name, subnet: own.subnet, gateway: own.address }];
}

/** By the name that Docker gives, or by its rules about it. */
function isDockers(rules: Ruleset, bridge: string): boolean {
  const isAbout = (rule: Rule): boolean =>
    interfaceAsked(rule, "out") === bridge ||
    interfaceAsked(rule, "in") === bridge ||
    interfaceExcluded(rule, "out") === bridge;
  return (
    DOCKER_BRIDGE.test(bridge) ||
    [...rulesOf(rules, "nat", "DOCKER"), ...rulesOf(rules, "filter", "DOCKER")].some(isAbout) ||
    ["FORWARD", "DOCKER-BRIDGE"].some((chain) =>
      rulesOf(rules, "filter", chain).some(
        (rule) => isAbout(rule) && chainAsked(rule) === "DOCKER",
      ),
    )
  );
}

const DOCKER_BRIDGE = /^(docker\d+|br-[0-9a-f]{12})$/;

function publishedBy(rule: Rule): readonly { address: Address; hostPort: HostPort }[] {
  const to = dnatOf(rule);
  const protocol = transportAsked(rule);
  const port = portAsked(rule);
  if (to === undefined || protocol === undefined || port === undefined) return [];
  const hostIP = blockAsked(rule, "destination")?.address;
  return [
    {
      address: to.address,
      hostPort: { hostPort: port, containerPort: to.port ?? port, protocol, hostIP },
    },
  ];
}

function openedBy(rule: Rule): readonly { address: Address; port: number }[] {
  const address = blockAsked(rule, "destination")?.address;
  const port = portAsked(rule);
  if (rule.target.kind !== "accept" || address === undefined || port === undefined) return [];
  return [{ address, port }];
}

/** OUTPUT leaves 127.0.0.1 to docker-proxy where there is one; where that jump is gone, DNAT leaves the bridge out. */
function hasProxy(rules: Ruleset): boolean {
  const jump = rulesOf(rules, "nat", "OUTPUT").find((rule) => chainAsked(rule) === "DOCKER");
  if (jump) {
    const excluded = blockExcluded(jump, "destination");
    return excluded !== undefined && isLoopback(excluded.address);
  }
  const translation = rulesOf(rules, "nat", "DOCKER").find((rule) => dnatOf(rule) !== undefined);
  return translation === undefined || interfaceExcluded(translation, "in") !== undefined;
}

/** The oldest version that writes such rules; undefined where they show none of the kinds. */
function generationOf(rules: Ruleset): string | undefined {
  const isIsolated = hasChain(rules, "filter", "DOCKER-ISOLATION-STAGE-1");
  if (!hasChain(rules, "filter", "DOCKER-FORWARD")) return isIsolated ? "27" : undefined;
  return isIsolated ? "28" : "29";
}
