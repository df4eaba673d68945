/** Names of the topology for the addresses that kept packets may show. */
import { addressBits, isLoopback, type Address } from "#net/address.js";
import type { Prefix } from "#net/prefix.js";
import type { Topology } from "#cluster/topology.js";
import type { NamedAddress } from "#observed/capture/pcapng-blocks.js";
import type { Report } from "#verify/report.js";
import { sanitize } from "../sanitize.js";

/** Pods, services, clients and nodes; of a large cluster only those that some connection shows, and every node. */
export function addressNames(
  topology: Topology,
  { connections }: Pick<Report, "connections">,
): readonly NamedAddress[] {
  const seen = new Set(
    connections.flatMap(({ sightings }) =>
      sightings.flatMap(({ source, destination }) => [source.address, destination.address]),
    ),
  );
  const names = new Map<Address, Set<string>>();
  for (const { address, name, always } of named(topology)) {
    if (!always && !seen.has(address)) continue;
    names.set(address, (names.get(address) ?? new Set()).add(sanitize(name)));
  }
  return [...names].map(([address, all]) => ({ bytes: bytesOf(address), names: [...all] }));
}

interface Named {
  readonly address: Address;
  readonly name: string;
  /** Also where no connection shows it, as tunnels' ends. */
  readonly always: boolean;
}

function* named({ pods, services, clients, nodes }: Topology): Iterable<Named> {
  for (const { name, addresses } of nodes) {
    for (const address of addresses) yield { address, name, always: true };
  }
  yield* interfaceNames(nodes);
  for (const { name, address } of pods) yield { address, name, always: false };
  for (const { name, clusterIPs, externalIPs, loadBalancerIPs } of services) {
    for (const address of [...clusterIPs, ...externalIPs, ...loadBalancerIPs]) {
      yield { address, name, always: false };
    }
  }
  for (const { name, addresses } of clients) {
    for (const prefix of addresses.filter(isSingle)) {
      yield { address: prefix.address, name, always: false };
    }
  }
}

/** `node1/cni0`. What several nodes have, as 127.0.0.1 and docker0's 172.17.0.1, names none of them. */
function* interfaceNames(nodes: Topology["nodes"]): Iterable<Named> {
  const own = new Set(nodes.flatMap(({ addresses }) => addresses));
  const holders = new Map<Address, Set<string>>();
  for (const { name: node, interfaces } of nodes) {
    for (const { name, addresses } of interfaces) {
      for (const { address } of addresses) {
        holders.set(address, (holders.get(address) ?? new Set()).add(`${node}/${name}`));
      }
    }
  }
  for (const [address, [name, ...others]] of holders) {
    if (name === undefined || others.length > 0 || isLoopback(address) || own.has(address))
      continue;
    yield { address, name, always: true };
  }
}

function isSingle({ address, length }: Prefix): boolean {
  return length === addressBits(address).width;
}

function bytesOf(address: Address): Uint8Array {
  const { bits, width } = addressBits(address);
  const bytes = new Uint8Array(width / 8);
  for (let at = bytes.length - 1, rest = bits; at >= 0; at--, rest >>= 8n) {
    bytes[at] = Number(rest & 0xffn);
  }
  return bytes;
}
