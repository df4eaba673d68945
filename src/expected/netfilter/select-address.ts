/** The address that MASQUERADE and REDIRECT take from an interface. */
import type { HostAddress, HostInterface } from "#cluster/host.js";
import { addressBits, type Address } from "#net/address.js";
import { prefixContains } from "#net/prefix.js";
import { findInterface } from "./routing.js";
import type { NodeState } from "./node-state.js";

export interface SelectFor {
  readonly device: string;
  /** The gateway, or the destination where there is none. */
  readonly nextHop: Address;
}

export function masqueradeAddress(node: NodeState, select: SelectFor): Address | undefined {
  return select.nextHop.includes(":") ? selectIpv6(node, select) : selectIpv4(node, select);
}

/**
 * The out device's primary address in the next hop's subnet, else its first; where it has none of
 * global scope, as lo, the first of another device (linux net/ipv4/devinet.c inet_select_addr).
 */
function selectIpv4(node: NodeState, { device, nextHop }: SelectFor): Address | undefined {
  const own = usableIpv4(findInterface(node, device));
  const near = own.find(({ subnet }) => prefixContains(subnet, nextHop)) ?? own[0];
  if (near) return near.address;
  return node.interfaces.flatMap((port) => usableIpv4(port))[0]?.address;
}

function usableIpv4(port: HostInterface | undefined): readonly HostAddress[] {
  return (port?.addresses ?? []).filter(
    ({ address, scope, isSecondary }) =>
      !address.includes(":") && scope === "global" && !isSecondary,
  );
}

/**
 * RFC 6724 §5 as far as it decides here: the destination's scope, then the out device, then the
 * longest common prefix (linux net/ipv6/addrconf.c ipv6_dev_get_saddr).
 */
function selectIpv6(node: NodeState, { device, nextHop }: SelectFor): Address | undefined {
  const scope = nextHop.startsWith("fe80:") ? "link" : "global";
  const candidates = node.interfaces
    .flatMap(({ name, addresses }) => addresses.map((own) => ({ ...own, isOut: name === device })))
    .filter((own) => own.address.includes(":") && own.scope === scope);
  const nearer = (a: (typeof candidates)[number], b: (typeof candidates)[number]): number =>
    Number(b.isOut) - Number(a.isOut) ||
    commonBits(b.address, nextHop) - commonBits(a.address, nextHop);
  return candidates.sort(nearer)[0]?.address;
}

function commonBits(a: Address, b: Address): number {
  const difference = addressBits(a).bits ^ addressBits(b).bits;
  return difference === 0n ? 128 : 128 - difference.toString(2).length;
}

/**
 * The first address of the interface a packet came in by; 127.0.0.1 or ::1 for a process of the
 * node (linux net/netfilter/nf_nat_redirect.c).
 */
export function redirectAddress(
  node: NodeState,
  { device, isIpv6 }: { readonly device: string | undefined; readonly isIpv6: boolean },
): Address | undefined {
  if (device === undefined) return isIpv6 ? "::1" : "127.0.0.1";
  const own = findInterface(node, device)?.addresses ?? [];
  return own.find(({ address, scope }) =>
    isIpv6 ? address.includes(":") && scope === "global" : !address.includes(":"),
  )?.address;
}
