/** The address a process sends from when it names none. */
import { routeTo } from "#expected/netfilter/routing.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import { masqueradeAddress } from "#expected/netfilter/select-address.js";
import { isLoopback, type Address } from "#net/address.js";

/**
 * An own address answers itself; else what the out device has for the next hop, as for MASQUERADE
 * (linux net/ipv4/fib_semantics.c fib_info_update_nhc_saddr). Undefined where no route leads there.
 */
export function sourceAddressFor(state: NodeState, destination: Address): Address | undefined {
  const route = routeTo(state, destination);
  if (isLoopback(destination) || route?.type === "local") return destination;
  const hop = route?.hops[0];
  if (hop === undefined) return undefined;
  return masqueradeAddress(state, { device: hop.device, nextHop: hop.gateway ?? destination });
}
