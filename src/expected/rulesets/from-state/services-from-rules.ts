/** Services as several nodes' rules show them together. */
import type { Unclear } from "#cluster/topology.js";
import type { Service, ServiceEndpoint, ServicePort } from "#cluster/service.js";
import { formatEndpoint } from "#net/five-tuple.js";
import type { Address } from "#net/address.js";
import type { EndpointAddress } from "../endpoint-text.js";
import { UNTOLD, type PortFromRules } from "./port-from-rules.js";

export interface NodePorts {
  /** The node's name. */
  readonly node: string;
  readonly ports: readonly PortFromRules[];
}

export interface ServicesFromRules {
  readonly services: readonly Service[];
  /** Sentences: what in the rules is odd, and what was made of it. */
  readonly remarks: readonly string[];
  readonly unclear: readonly Unclear[];
}

/** Whose address an endpoint is; undefined for one outside of the nodes that are known. */
export type NodeOfAddress = (address: Address) => string | undefined;

/**
 * Endpoints are those of all nodes: under a Local policy each lists its own. Everything else is as the
 * first node has it, and what another has otherwise is said.
 */
export function servicesFromRules(
  nodes: readonly NodePorts[],
  nodeOf: NodeOfAddress,
): ServicesFromRules {
  const byPort = new Map<string, Seen[]>();
  for (const { node, ports } of nodes) {
    for (const port of ports) {
      const key = `${port.name} ${port.protocol}`;
      byPort.set(key, [...(byPort.get(key) ?? []), { node, port }]);
    }
  }
  const all = [...byPort.values()].map((seen) => mergedPort(seen, nodeOf));
  // A Service of which one port is not known is not told by the others.
  const unclear = new Set(
    all.flatMap(({ service, doubt }) => (doubt === undefined ? [] : [service])),
  );
  const merged = all.filter(({ service }) => !unclear.has(service));
  const names = distinct(merged.map(({ service }) => service));
  return {
    services: names
      .flatMap((name) => alike(merged.filter(({ service }) => service === name)))
      .flatMap(serviceOf),
    remarks: [...new Set(all.flatMap(({ remarks }) => remarks))],
    unclear: all.flatMap(unclearAbout),
  };
}

interface Seen {
  readonly node: string;
  readonly port: PortFromRules;
}

interface MergedPort {
  /** `namespace/name`. */
  readonly service: string;
  readonly portName: string | undefined;
  /** Without what is in doubt. */
  readonly port: PortFromRules;
  /** All that the rules show. */
  readonly told: PortFromRules;
  readonly endpoints: readonly ServiceEndpoint[];
  readonly remarks: readonly string[];
  /** Why the Service is left out; undefined where it is not. */
  readonly doubt: string | undefined;
  /** Why only its cluster IP is told. */
  readonly externalDoubt: string | undefined;
}

function mergedPort(seen: readonly Seen[], nodeOf: NodeOfAddress): MergedPort {
  const [service = "", portName] = (seen[0]?.port.name ?? "").split(":");
  const ports = seen.map(({ port }) => port);
  const externalDoubt = externalDoubtOf(seen);
  const told: PortFromRules = {
    ...(ports[0] ?? NAMELESS),
    clusterIPs: distinct(ports.flatMap(({ clusterIPs }) => clusterIPs)),
    port: first(ports.map((one) => one.port)),
    nodePort: first(ports.map(({ nodePort }) => nodePort)),
    externalIPs: distinct(ports.flatMap(({ externalIPs }) => externalIPs)),
    loadBalancerIPs: distinct(ports.flatMap(({ loadBalancerIPs }) => loadBalancerIPs)),
    externalPolicy: localWins(ports.map(({ externalPolicy }) => externalPolicy)),
    internalPolicy: localWins(ports.map(({ internalPolicy }) => internalPolicy)),
    affinitySeconds: first(ports.map(({ affinitySeconds }) => affinitySeconds)),
    healthCheckNodePort: first(ports.map(({ healthCheckNodePort }) => healthCheckNodePort)),
  };
  const endpoints = endpointsOf(seen, nodeOf);
  return {
    service,
    portName,
    port: externalDoubt === undefined ? told : { ...told, ...NO_WAY_IN },
    told,
    endpoints,
    remarks: seen.flatMap(({ node, port: { remarks } }) =>
      remarks.map((text) => `${node}: ${text}`),
    ),
    doubt: disagreement(seen) ?? unserved(seen, endpoints),
    externalDoubt,
  };
}

const NAMELESS: PortFromRules = { ...UNTOLD, name: "", protocol: "tcp" };

/** A node without local endpoints shows a Local policy only where something refuses for want of them. */
function localWins(
  policies: readonly PortFromRules["externalPolicy"][],
): PortFromRules["externalPolicy"] {
  return policies.includes("Local") ? "Local" : first(policies);
}

/** Those of KUBE-SVC on any node, else of every node's own. */
function endpointsOf(seen: readonly Seen[], nodeOf: NodeOfAddress): readonly ServiceEndpoint[] {
  const found = new Map<string, ServiceEndpoint>();
  for (const { node, port } of seen) {
    const local = new Set(port.localEndpoints.map(formatEndpoint));
    for (const endpoint of [...port.endpoints, ...port.localEndpoints]) {
      const key = formatEndpoint(endpoint);
      const home = nodeOf(endpoint.address) ?? (local.has(key) ? node : undefined);
      const known = found.get(key);
      if (known?.node === undefined) found.set(key, endpointAt(endpoint, home));
    }
  }
  return [...found.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ address, port }: ServiceEndpoint): string {
  return formatEndpoint({ address, port: port ?? 0 });
}

/** What rules lead to was ready when kube-proxy wrote them. */
function endpointAt({ address, port }: EndpointAddress, node: string | undefined): ServiceEndpoint {
  return { address, port, node, pod: undefined, ready: true, serving: true, terminating: false };
}

function unclearAbout({ doubt, externalDoubt, told }: MergedPort): readonly Unclear[] {
  const { nodePort, port } = told;
  const inside = doubt === undefined ? [] : [{ says: doubt, ports: defined([port, nodePort]) }];
  const ports =
    told.externalIPs.length + told.loadBalancerIPs.length > 0 ? [port, nodePort] : [nodePort];
  const outside =
    externalDoubt === undefined ? [] : [{ says: externalDoubt, ports: defined(ports) }];
  return [...inside, ...outside];
}

const NO_WAY_IN = {
  nodePort: undefined,
  externalIPs: [],
  loadBalancerIPs: [],
  externalPolicy: undefined,
  healthCheckNodePort: undefined,
} as const;

function externalDoubtOf(seen: readonly Seen[]): string | undefined {
  const [first] = seen;
  const left = `${first?.port.name} is left out as it is dialled from outside`;
  const odd = seen.find(({ port: { externalDoubt } }) => externalDoubt !== undefined);
  if (odd) return `${left}: on ${odd.node} ${odd.port.externalDoubt}`;
  const having = seen.filter(({ port: { externalPolicy } }) => externalPolicy !== undefined);
  const other = having.find(({ port }) => port.externalPolicy !== having[0]?.port.externalPolicy);
  if (other === undefined) return undefined;
  const told = [having[0], other].map((one) => `${one?.node} has ${one?.port.externalPolicy}`);
  return `${left}: nodes do not agree on its externalTrafficPolicy, ${told.join(", ")}`;
}

/** Where two nodes send anybody to other endpoints, one of them is older. */
function disagreement(seen: readonly Seen[]): string | undefined {
  const listing = seen.filter(({ port: { endpoints } }) => endpoints.length > 0);
  const lists = listing.map(({ port: { endpoints } }) =>
    endpoints.map(formatEndpoint).sort().join(", "),
  );
  const other = lists.findIndex((list) => list !== lists[0]);
  if (other < 0) return undefined;
  const told = [0, other].map((at) => `${listing[at]?.node} has ${lists[at]}`).join(", ");
  return `${seen[0]?.port.name} is left out: nodes do not agree on its endpoints, ${told}`;
}

/** kube-proxy refuses what has no endpoint: where it does not, rules to them are gone. In userspace mode there are none. */
function unserved(
  seen: readonly Seen[],
  endpoints: readonly ServiceEndpoint[],
): string | undefined {
  const isTold = seen.some(({ port: { isRefused, isProxied } }) => isRefused || isProxied === true);
  if (isTold || endpoints.length > 0) return undefined;
  const [first] = seen;
  return `${first?.port.name} is left out: no rule of ${first?.node} leads from it to an endpoint, and none refuses it`;
}

/**
 * All ports of a Service lead to the same pods as a rule. Where they do not, or where a port's pods listen
 * on different ports, each is told as a Service of its own with the same name.
 */
function alike(ports: readonly MergedPort[]): readonly (readonly MergedPort[])[] {
  const pods = ports.map(({ endpoints }) =>
    distinct(endpoints.map(({ address }) => address)).join(" "),
  );
  const isAlike = new Set(pods).size === 1 && ports.every(hasOneTarget);
  return isAlike ? [ports] : ports.map((port) => [port]);
}

function hasOneTarget({ endpoints }: MergedPort): boolean {
  return new Set(endpoints.map(({ port }) => port)).size <= 1;
}

function serviceOf(ports: readonly MergedPort[]): readonly Service[] {
  const [leading] = ports;
  const all = ports.map(({ port }) => port);
  const clusterIPs = distinct(all.flatMap((port) => port.clusterIPs));
  const listed = ports.flatMap(servicePort);
  if (leading === undefined || listed.length === 0) return [];
  const target = targetPort(leading);
  const endpoints = leading.endpoints.map((one) =>
    one.port === target ? { ...one, port: undefined } : one,
  );
  return [
    {
      name: leading.service,
      clusterIPs,
      ports: listed,
      externalIPs: distinct(all.flatMap(({ externalIPs }) => externalIPs)),
      loadBalancerIPs: distinct(all.flatMap(({ loadBalancerIPs }) => loadBalancerIPs)),
      loadBalancerSourceRanges: all[0]?.sourceRanges ?? [],
      externalTrafficPolicy:
        localWins(all.map(({ externalPolicy }) => externalPolicy)) ?? "Cluster",
      internalTrafficPolicy:
        localWins(all.map(({ internalPolicy }) => internalPolicy)) ?? "Cluster",
      sessionAffinitySeconds: first(all.map(({ affinitySeconds }) => affinitySeconds)),
      healthCheckNodePort: first(all.map(({ healthCheckNodePort }) => healthCheckNodePort)),
      endpoints,
    },
  ];
}

/** The endpoints' own; the port itself where there is none to ask. */
function targetPort({ endpoints, port: { port } }: MergedPort): number | undefined {
  return endpoints[0]?.port ?? port;
}

function servicePort(merged: MergedPort): readonly ServicePort[] {
  const { portName, port } = merged;
  const target = targetPort(merged);
  if (port.port === undefined || target === undefined) return [];
  const { protocol, nodePort } = port;
  return [{ name: portName, protocol, port: port.port, targetPort: target, nodePort }];
}

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}

function defined<Value>(values: readonly (Value | undefined)[]): readonly Value[] {
  return values.flatMap((value) => value ?? []);
}

function first<Value>(values: readonly (Value | undefined)[]): Value | undefined {
  return values.find((value) => value !== undefined);
}
