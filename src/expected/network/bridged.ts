/** Whether a node routes a packet or only bridges it, which its TTL tells. */
import type { Arrival } from "#expected/netfilter/packet.js";
import { routeTo } from "#expected/netfilter/routing.js";
import type { NodeState } from "#expected/netfilter/node-state.js";
import type { Trace } from "#expected/netfilter/trace.js";
import type { Address } from "#net/address.js";

export interface Passing {
  readonly arrival: Arrival;
  readonly trace: Trace;
}

/**
 * Routing lowers the TTL (linux net/ipv4/ip_forward.c). From one port of a bridge to another it is
 * not routed when the frame was meant for that port's machine, nor when bridge-nf's DNAT gave it
 * such a destination: then the bridge only writes another receiver into it
 * (net/bridge/br_netfilter_hooks.c br_nf_pre_routing_finish, bridged_dnat).
 */
export function ttlLoweredBy(state: NodeState, { arrival, trace }: Passing): 0 | 1 {
  if (isSentByIpvs(trace)) return 1;
  if (arrival.from === "process" || trace.disposition !== "forwarded") return 0;
  return isBridged(state, { arrival, trace }) ? 0 : 1;
}

/** True of a packet that stays on the bridge it came from. */
export function isBridged(state: NodeState, { arrival, trace }: Passing): boolean {
  const bridge = bridgeArrivedBy(state, arrival);
  if (bridge === undefined || trace.out !== bridge || isSentByIpvs(trace)) return false;
  const meant = trace.first.destination.address;
  const became = trace.final.destination.address;
  const isMeantForPort = isOnLink(state, { address: meant, device: bridge });
  const isTurned = meant !== became && isBridgeNetfilterOn(state, became);
  return isMeantForPort || isTurned;
}

/** IPVS takes the TTL that forwarding would, and from a process's packet too. */
function isSentByIpvs({ steps }: Trace): boolean {
  return steps.some((step) => step.kind === "ipvs" && step.ttlLowered === 1);
}

export function bridgeArrivedBy(state: NodeState, arrival: Arrival): string | undefined {
  if (arrival.from === "process") return undefined;
  const port = state.interfaces.find(({ name }) => name === arrival.name);
  return port?.isBridge ? port.name : port?.bridge;
}

function isOnLink(
  state: NodeState,
  { address, device }: { readonly address: Address; readonly device: string },
): boolean {
  const route = routeTo(state, address);
  return (
    route?.type === "unicast" &&
    route.hops.every((hop) => hop.device === device && hop.gateway === undefined)
  );
}

/** On unless it is known to be off, as the walk through the node assumes. */
export function isBridgeNetfilterOn({ sysctls }: NodeState, address: Address): boolean {
  const tables = address.includes(":") ? "ip6tables" : "iptables";
  return sysctls.get(`net.bridge.bridge-nf-call-${tables}`) !== "0";
}
