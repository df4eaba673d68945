/**
 * kube-proxy's rules in userspace mode (k8s v1.20.2 pkg/proxy/userspace/proxier.go openPortal,
 * iptablesInit): every port of a Service is led to a port of kube-proxy itself, which dials an
 * endpoint anew. It is taken to listen on every address, as it does by default.
 */
import type { Service, ServicePort } from "#cluster/service.js";
import type { Address } from "#net/address.js";
import type { InstalledRule, InstalledRules } from "./installed-rules.js";
import { chainsOf } from "./kube-proxy-base.js";
import { isOfFamily, type Family } from "./kube-proxy-family.js";
import { filterRule } from "./kube-proxy-filter.js";
import { portName } from "./kube-proxy-names.js";
import { natRule } from "./kube-proxy-nat.js";
import { comment, ruleText, to } from "./rule-text.js";

export interface UserspaceInput {
  readonly family: Family;
  /** The first of the family is where the node's own processes are led to. */
  readonly addresses: readonly Address[];
  readonly services: readonly Service[];
  /**
   * Where kube-proxy listens for each port, by `namespace/name:port`: it takes whatever is free. For
   * one that is missing here the rules lead to any port that the kernel hands out.
   */
  readonly proxyPorts: ReadonlyMap<string, number>;
}

export function userspaceRules(input: UserspaceInput): InstalledRules {
  const { family, addresses, services, proxyPorts } = input;
  const nodeIP = addresses.find((address) => isOfFamily(address, family));
  const portals = services.flatMap((service) =>
    service.ports.flatMap((port) => {
      const name = portName({ service: service.name, port: port.name });
      const proxyPort = proxyPorts.get(name);
      const hasPortal = service.clusterIPs.some((address) => isOfFamily(address, family));
      if (nodeIP === undefined || !hasPortal) return [];
      return portalRules({ family, service, port, name, proxyPort, nodeIP });
    }),
  );
  return { chains: CHAINS, rules: [...JUMPS, ...portals] };
}

const CHAINS: InstalledRules["chains"] = [
  ...chainsOf("nat", [
    "KUBE-NODEPORT-CONTAINER",
    "KUBE-NODEPORT-HOST",
    "KUBE-PORTALS-CONTAINER",
    "KUBE-PORTALS-HOST",
  ]),
  ...chainsOf("filter", ["KUBE-NODEPORT-NON-LOCAL"]),
];

const PORTALS = comment("handle ClusterIPs; NOTE: this must be before the NodePort rules");
const NODE_PORTS =
  "-m addrtype --dst-type LOCAL " +
  comment("handle service NodePorts; NOTE: this must be the last rule in the chain");
const NON_LOCAL = comment("Ensure that non-local NodePort traffic can flow");

const JUMPS: readonly InstalledRule[] = [
  { ...natRule("PREROUTING", `${PORTALS} -j KUBE-PORTALS-CONTAINER`), at: "first" },
  { ...natRule("OUTPUT", `${PORTALS} -j KUBE-PORTALS-HOST`), at: "first" },
  natRule("PREROUTING", `${NODE_PORTS} -j KUBE-NODEPORT-CONTAINER`),
  natRule("OUTPUT", `${NODE_PORTS} -j KUBE-NODEPORT-HOST`),
  { ...filterRule("INPUT", `${NON_LOCAL} -j KUBE-NODEPORT-NON-LOCAL`), at: "first" },
];

interface Portal {
  readonly family: Family;
  readonly service: Service;
  readonly port: ServicePort;
  /** `namespace/name:port`. */
  readonly name: string;
  readonly proxyPort: number | undefined;
  readonly nodeIP: Address;
}

function portalRules(portal: Portal): readonly InstalledRule[] {
  const { family, service, port } = portal;
  const ours = (addresses: readonly Address[]): readonly Address[] =>
    addresses.filter((address) => isOfFamily(address, family));
  const virtual = (address: Address): readonly InstalledRule[] => virtualAddress(portal, address);
  return [
    ...ours(service.clusterIPs).slice(0, 1).flatMap(virtual),
    ...ours(service.externalIPs).flatMap((address) => externalIP(portal, address)),
    ...ours(service.loadBalancerIPs).flatMap(virtual),
    ...(port.nodePort === undefined ? [] : nodePort(portal, port.nodePort)),
  ];
}

/** What comes in is led to the address of the interface it came in by; a process to the node's. */
function virtualAddress(portal: Portal, address: Address): readonly InstalledRule[] {
  const asked = ruleText(to(address), toPort(portal, portal.port.port));
  return [
    natRule("KUBE-PORTALS-CONTAINER", ruleText(asked, redirect(portal))),
    natRule("KUBE-PORTALS-HOST", ruleText(asked, dnat(portal))),
  ];
}

/** Pods behind a bridge, and processes of the node, are led only where the address is the node's. */
function externalIP(portal: Portal, address: Address): readonly InstalledRule[] {
  const asked = ruleText(to(address), toPort(portal, portal.port.port));
  const isOwn = "-m addrtype --dst-type LOCAL";
  const notBridged = "-m physdev ! --physdev-is-in";
  return [
    natRule("KUBE-PORTALS-CONTAINER", ruleText(asked, notBridged, redirect(portal))),
    natRule("KUBE-PORTALS-CONTAINER", ruleText(asked, isOwn, redirect(portal))),
    natRule("KUBE-PORTALS-HOST", ruleText(asked, isOwn, dnat(portal))),
  ];
}

function nodePort(portal: Portal, port: number): readonly InstalledRule[] {
  const asked = toPort(portal, port);
  return [
    natRule("KUBE-NODEPORT-CONTAINER", ruleText(asked, redirect(portal))),
    natRule("KUBE-NODEPORT-HOST", ruleText(asked, dnat(portal))),
    ...nonLocal(portal),
  ];
}

function toPort({ name, port: { protocol } }: Portal, port: number): string {
  return `-p ${protocol} ${comment(name)} -m ${protocol} --dport ${port}`;
}

/** Against a firewall of the node that accepts nothing; of a port unknown nothing can be said. */
function nonLocal(portal: Portal): readonly InstalledRule[] {
  if (portal.proxyPort === undefined) return [];
  const isNew = "-m state --state NEW -j ACCEPT";
  return [filterRule("KUBE-NODEPORT-NON-LOCAL", `${toPort(portal, portal.proxyPort)} ${isNew}`)];
}

function redirect({ proxyPort }: Portal): string {
  return `-j REDIRECT --to-ports ${proxyPort ?? ANY_PORT}`;
}

function dnat({ family, nodeIP, proxyPort }: Portal): string {
  const host = family === "ipv6" ? `[${nodeIP}]` : nodeIP;
  return `-j DNAT --to-destination ${host}:${proxyPort ?? ANY_PORT}`;
}

/** net.ipv4.ip_local_port_range as the kernel sets it; `--random`, so that none is kept. */
const ANY_PORT = "32768-60999 --random";
