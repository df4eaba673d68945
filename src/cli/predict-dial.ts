/** Who dials: by `--from-pod`, `--at`, or whose the address behind `--from` is. */
import type { Pod, Topology } from "#cluster/topology.js";
import { namespaceOfPod, stateOf, type Namespace } from "#expected/network/namespace.js";
import type { Network } from "#expected/network/network.js";
import type { Dial, Party } from "#expected/network/path.js";
import { sourceAddressFor } from "#expected/network/source-address.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { isLoopback, type Address } from "#net/address.js";
import { prefixContains, formatPrefix } from "#net/prefix.js";
import { sanitize } from "#report/sanitize.js";
import { closest } from "#net/closest.js";
import { CannotCheck } from "./exit.js";
import type { Asked, PredictFlags } from "./predict-options.js";

export interface Question {
  readonly flags: PredictFlags;
  readonly asked: Asked;
}

export function dialOf(network: Network, { flags, asked }: Question): Dial {
  const { fromPod, at } = flags;
  if (fromPod !== undefined && at !== undefined) {
    throw new CannotCheck(
      `--from-pod ${sanitize(fromPod)} with --at ${sanitize(at)}: the topology says where a pod runs`,
    );
  }
  if (fromPod !== undefined) return dialFrom(network, { asked, party: podParty(network, fromPod) });
  if (at !== undefined) return dialAt(network, { asked, node: knownNode(network.topology, at) });
  if (asked.source === undefined) {
    throw new CannotCheck("who sends the packet: say --from ADDRESS, --from-pod POD or --at NODE");
  }
  const owner = ownerOf(network, asked.source);
  return owner === undefined
    ? dialFromOutside(network, { asked, source: asked.source, via: undefined })
    : dialFrom(network, { asked, party: owner });
}

/** A process of the node, or for an address from outside what the node is reached by. */
function dialAt(network: Network, { asked, node }: { asked: Asked; node: string }): Dial {
  const here: Namespace = { kind: "node", name: node };
  const { source } = asked;
  if (source === undefined || isLoopback(source)) return dialFrom(network, { asked, party: here });
  const owner = ownerOf(network, source);
  if (owner === undefined) return dialFromOutside(network, { asked, source, via: node });
  if (owner.kind === "node" && owner.name === node) {
    return dialFrom(network, { asked, party: here });
  }
  const whose =
    owner.kind === "pod" ? `pod ${owner.name}'s address` : `an address of ${owner.name}`;
  throw new CannotCheck(
    `--from ${source} with --at ${sanitize(node)}: it is ${sanitize(whose)}; leave out --at`,
  );
}

/** A socket in a namespace that is known: it can only send from that namespace's addresses. */
function dialFrom(network: Network, { asked, party }: { asked: Asked; party: Namespace }): Dial {
  const state = stateOf(network, party);
  const name = sanitize(party.kind === "pod" ? `pod ${party.name}` : party.name);
  if (state === undefined)
    throw new CannotCheck(`${name} has no ${FAMILIES[asked.family]} address`);
  const { source } = asked;
  if (source !== undefined && !hasAddress(state, source)) {
    throw new CannotCheck(`--from ${source}: no address of ${name}`);
  }
  const address = source ?? sourceAddressFor(state, asked.destination.address);
  if (address === undefined) {
    throw new CannotCheck(`${name} has no route to ${asked.destination.address}`);
  }
  return { from: party, tuple: tupleFrom(asked, address) };
}

const FAMILIES = { ipv4: "IPv4", ipv6: "IPv6" } as const;

function hasAddress({ interfaces }: NodeState, address: Address): boolean {
  return (
    isLoopback(address) ||
    interfaces.some(({ addresses }) => addresses.some((own) => own.address === address))
  );
}

function dialFromOutside(
  network: Network,
  { asked, source, via }: { asked: Asked; source: Address; via: string | undefined },
): Dial {
  refuseLoopback(source);
  refuseUnheld(network, source);
  const { address } = asked.destination;
  if (via === undefined && !isDialledFromOutside(network, address)) {
    const hint = "say --at NODE, the node that the packet reaches first";
    throw new CannotCheck(`--to ${address}: no node has that address; ${hint}`);
  }
  const from: Party = { kind: "outside", address: source };
  return { from, tuple: tupleFrom(asked, source), ...(via !== undefined && { via }) };
}

function refuseLoopback(source: Address): void {
  if (!isLoopback(source)) return;
  throw new CannotCheck(`--from ${source}: every machine has it; say --at NODE or --from-pod POD`);
}

/** An address inside the pods' network that no pod has is more likely mistyped than outside. */
function refuseUnheld({ topology }: Network, source: Address): void {
  const node = topology.nodes.find(
    ({ podCIDR }) => podCIDR !== undefined && prefixContains(podCIDR, source),
  );
  if (node?.podCIDR === undefined) return;
  const network = `${node.name}'s pod network ${formatPrefix(node.podCIDR)}`;
  throw new CannotCheck(
    `--from ${source}: no pod of the topology has it, though it is of ${sanitize(network)}`,
  );
}

/** Addresses that bring a packet to a node without anybody saying which. */
function isDialledFromOutside(network: Network, address: Address): boolean {
  return (
    network.topology.nodes.some(({ addresses }) => addresses.includes(address)) ||
    network.topology.services.some(({ clusterIPs, externalIPs, loadBalancerIPs }) =>
      [clusterIPs, externalIPs, loadBalancerIPs].some((list) => list.includes(address)),
    )
  );
}

function tupleFrom(asked: Asked, address: Address): Dial["tuple"] {
  const { protocol, sourcePort: port, destination } = asked;
  return { protocol, source: { address, port }, destination };
}

/** A node's, a pod's, or undefined for somebody's outside. */
function ownerOf(network: Network, address: Address): Namespace | undefined {
  for (const kind of ["node", "pod"] as const) {
    const states = kind === "node" ? network.nodes : network.pods;
    for (const [name, { interfaces }] of states) {
      const isOwn = interfaces.some(({ addresses }) =>
        addresses.some((own) => own.address === address && !isLoopback(address)),
      );
      if (isOwn) return { kind, name };
    }
  }
  return undefined;
}

function podParty({ topology }: Network, name: string): Namespace {
  return namespaceOfPod(topology, knownPod(topology, name));
}

function knownPod({ pods }: Topology, name: string): Pod {
  const pod = pods.find((candidate) => candidate.name === name);
  if (pod?.gone === true) throw new CannotCheck(`--from-pod ${sanitize(name)}: that pod is gone`);
  if (pod !== undefined) return pod;
  throw unknownName(
    { option: "--from-pod", name, noun: "pod" },
    pods.map((known) => known.name),
  );
}

function knownNode({ nodes }: Topology, name: string): string {
  if (nodes.some((node) => node.name === name)) return name;
  throw unknownName(
    { option: "--at", name, noun: "node" },
    nodes.map((known) => known.name),
  );
}

interface Unknown {
  readonly option: string;
  readonly name: string;
  readonly noun: string;
}

const MAX_NAMED = 8;

function unknownName({ option, name, noun }: Unknown, known: readonly string[]): CannotCheck {
  const near = closest(name, known);
  const question = near === undefined ? "" : `; did you mean ${sanitize(near)}?`;
  const named = known.slice(0, MAX_NAMED).map((candidate) => sanitize(candidate));
  const more = known.length > MAX_NAMED ? " …" : "";
  const list = named.length === 0 ? "" : `\n    it has    ${named.join(", ")}${more}`;
  return new CannotCheck(
    `${option} ${sanitize(name)}: the topology has no such ${noun}${question}${list}`,
  );
}
