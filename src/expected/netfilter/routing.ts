/** Which way a packet goes: the kernel's look-up in its local and main tables. */
import type { HostInterface, Route, RouteHop } from "#cluster/host.js";
import { isLoopback, type Address } from "#net/address.js";
import { formatPrefix, parsePrefix, prefixContains, prefixOf } from "#net/prefix.js";
import type { NodeState } from "./node-state.js";
import type { AddressType } from "./rule.js";

/**
 * `ip rule`'s default order. Tables behind rules of one's own are not followed; `unusedTables`
 * names them.
 */
const TABLES = ["local", "main", "default"];

/** The route of an address: longest prefix, then lowest metric. Undefined: no route to it. */
export function routeTo(node: NodeState, destination: Address): Route | undefined {
  if (isOwnAddress(node, destination)) return localRoute(node, destination);
  for (const table of TABLES) {
    const [best] = node.routes
      .filter((route) => route.table === table && prefixContains(route.destination, destination))
      .sort((a, b) => b.destination.length - a.destination.length || a.metric - b.metric);
    if (best) return best;
  }
  return undefined;
}

export function unusedTables({ routes }: NodeState): readonly string[] {
  const names = new Set(routes.map(({ table }) => table));
  return [...names].filter((name) => !TABLES.includes(name)).sort();
}

/** Local by the local table, and where nobody printed that, by the interfaces' addresses. */
function isOwnAddress({ interfaces, routes }: NodeState, address: Address): boolean {
  return (
    isLoopback(address) ||
    interfaces.some(({ addresses }) => addresses.some((own) => own.address === address)) ||
    routes.some(
      ({ type, table, destination }) =>
        type === "local" && table === "local" && prefixContains(destination, address),
    )
  );
}

function localRoute(node: NodeState, address: Address): Route {
  const { length } = prefixOf(address, address.includes(":") ? 128 : 32);
  const device = deviceOf(node, address) ?? "lo";
  const hops: readonly RouteHop[] = [{ device, gateway: undefined, weight: 1 }];
  return { type: "local", destination: { address, length }, table: "local", metric: 0, hops };
}

/** The interface that holds an address of the node; loopback addresses are all lo's. */
function deviceOf({ interfaces }: NodeState, address: Address): string | undefined {
  return interfaces.find(
    (port) =>
      port.addresses.some((own) => own.address === address) ||
      (port.isLoopback && isLoopback(address)),
  )?.name;
}

const MULTICAST = ["224.0.0.0/4", "ff00::/8"].flatMap((text) => parsePrefix(text) ?? []);

/**
 * What the kernel's local table says an address is (linux net/ipv4/fib_frontend.c
 * inet_addr_type). With `device`, local is only what that interface holds.
 */
export function addressType(
  node: NodeState,
  { address, device }: { readonly address: Address; readonly device: string | undefined },
): AddressType {
  if (address === "255.255.255.255") return "BROADCAST";
  if (MULTICAST.some((prefix) => prefixContains(prefix, address))) return "MULTICAST";
  if (isOwnAddress(node, address)) {
    return device === undefined || deviceOf(node, address) === device ? "LOCAL" : "UNICAST";
  }
  const broadcast = node.routes.some(
    ({ type, destination }) => type === "broadcast" && destination.address === address,
  );
  return broadcast ? "BROADCAST" : "UNICAST";
}

export function findInterface(node: NodeState, name: string): HostInterface | undefined {
  return node.interfaces.find((port) => port.name === name);
}

/** `10.233.1.0/24 dev cni0`, `0.0.0.0/0 via 10.20.32.1 dev eth0`, `local 10.20.32.204`. */
export function describeRoute({ type, destination }: Route, hop: RouteHop | undefined): string {
  if (type === "local") return `local ${destination.address}`;
  const kind = type === "unicast" ? "" : `${type} `;
  const via = hop?.gateway === undefined ? "" : ` via ${hop.gateway}`;
  const device = hop === undefined ? "" : ` dev ${hop.device}`;
  return `${kind}${formatPrefix(destination)}${via}${device}`;
}
