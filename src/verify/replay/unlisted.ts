/**
 * What a topology may merely have left out: a failure that an unlisted pod, node, Service or client
 * would explain accuses nobody.
 */
import { NO_POD_HAS } from "#expected/network/next-stop.js";
import type { Network } from "#expected/network/network.js";
import { isDockerHost, nodeOfAddress, podOfAddress } from "#expected/scenarios/whereabouts.js";
import { isLoopback, type Address } from "#net/address.js";
import { isPrivate, prefixContains } from "#net/prefix.js";
import type { Check } from "#verify/report.js";
import type { ReplayCase } from "./replay-case.js";

/** What to add to the topology before anything is said to fail; undefined where nothing is. */
export function whatTopologyLacks(
  network: Network,
  theCase: ReplayCase,
  failed: readonly Check[],
): string | undefined {
  const address =
    strangerOnTheWay(network, theCase) ??
    podAmongClients(network, theCase) ??
    unlistedServer(network, theCase, failed);
  if (address !== undefined) return `the Service, pod, node or client that ${address} is`;
  return failed.some(goesByRanges) && lacksCidr(network, theCase)
    ? "clusterCIDR, and podCIDR of each node: which addresses are pods', and so not masqueraded"
    : undefined;
}

const BY_RANGES: ReadonlySet<Check["check"]> = new Set([
  "source kept",
  "source masqueraded",
  "dropped",
  "rejected",
  "reply translated back",
  "seen at every point it must cross",
]);

const goesByRanges = ({ check }: Check): boolean => BY_RANGES.has(check);

/** The endpoint that the rules choose, where no pod has its address. */
export function endpointOfNobody({ best: { path } }: ReplayCase): Address | undefined {
  const { end, request } = path;
  const isOfNobody = end.kind === "dropped" && end.rule === undefined;
  if (!isOfNobody || end.reason?.startsWith(NO_POD_HAS) !== true) return undefined;
  return request.at(-1)?.trace.final.destination.address;
}

/** On a packet that the path does not explain. */
function strangerOnTheWay(network: Network, { best, dial }: ReplayCase): Address | undefined {
  const dialled = new Set([dial.tuple.source.address, dial.tuple.destination.address]);
  return best.flows
    .filter(({ sighting }) => sighting === undefined)
    .flatMap(({ flow: { tuple } }) => [tuple.source.address, tuple.destination.address])
    .find((address) => !dialled.has(address) && !isListed(network, address));
}

/** A client outside the cluster with an address out of the pods' range is a pod that nobody listed. */
function podAmongClients(
  { topology }: Network,
  { dial: { from } }: ReplayCase,
): Address | undefined {
  if (from.kind !== "outside") return undefined;
  const { clusterCIDR, nodes } = topology;
  const ranges = [clusterCIDR, ...nodes.map(({ podCIDR }) => podCIDR)];
  return ranges.some((range) => range && prefixContains(range, from.address))
    ? from.address
    : undefined;
}

/**
 * A server outside that nobody listed may as well be a Service or a pod. That a pod's own address
 * leaves for a public one is wrong in either case.
 */
function unlistedServer(
  network: Network,
  { best: { path }, dial }: ReplayCase,
  failed: readonly Check[],
): Address | undefined {
  const { end } = path;
  const { address } = dial.tuple.destination;
  if (end.kind !== "delivered" || end.to.kind !== "outside" || isListed(network, address)) {
    return undefined;
  }
  const isCertain = failed.some(({ check }) => check === "source masqueraded");
  return isCertain && !isPrivate(address) ? undefined : address;
}

function isListed(network: Network, address: Address): boolean {
  const { clients, services } = network.topology;
  return (
    isLoopback(address) ||
    podOfAddress(network.topology, address) !== undefined ||
    nodeOfAddress(network, address) !== undefined ||
    clients.some(({ addresses }) => addresses.some((range) => prefixContains(range, address))) ||
    services.some(({ clusterIPs, externalIPs, loadBalancerIPs }) =>
      [...clusterIPs, ...externalIPs, ...loadBalancerIPs].includes(address),
    )
  );
}

/** Who is masqueraded, and where pods are, goes by these ranges; Docker knows its own. */
function lacksCidr({ topology }: Network, { dial: { from, tuple } }: ReplayCase): boolean {
  const { clusterCIDR, services } = topology;
  const { address } = tuple.destination;
  const isOfCluster = services.some(({ clusterIPs }) => clusterIPs.includes(address));
  // Elsewhere a client outside is masqueraded, or not, whatever the pods' range.
  if (from.kind === "outside" && !isOfCluster) return false;
  const nodes = topology.nodes.filter((node) => !isDockerHost(node));
  const lacksOne = nodes.some(({ podCIDR }) => podCIDR === undefined);
  return nodes.length > 0 && (clusterCIDR === undefined || lacksOne);
}
