/** Packets that the kernel drops beside netfilter, by its routing checks and sysctls. */
import { isLoopback } from "#net/address.js";
import { sysctlName } from "#cluster/sysctl-text.js";
import type { NodeState } from "./node-state.js";
import type { Packet } from "./packet.js";
import { addressType, findInterface, routeTo } from "./routing.js";
import type { Walk } from "./walk.js";

/**
 * Why a packet that came in by an interface goes no further than the routing decision; undefined
 * when nothing is against it (linux net/ipv4/route.c ip_route_input_slow, fib_validate_source).
 */
export function refusedOnInput(walk: Walk): string | undefined {
  const { node, packet } = walk;
  const { source, destination } = packet.tuple;
  const device = packet.in ?? "";
  if (findInterface(node, device)?.isLoopback) return undefined;
  if (source.address.includes(":")) {
    const isOwnLoopback = isLoopback(source.address) || isLoopback(destination.address);
    return isOwnLoopback ? `a loopback address on ${device} is discarded` : undefined;
  }
  const loopback = [source, destination].find(({ address }) => isLoopback(address));
  if (loopback && !isOn(walk, { key: "route_localnet", device })) {
    return `martian ${loopback.address} on ${device}: net.ipv4.conf.${device}.route_localnet is 0`;
  }
  if (isLoopback(source.address)) return undefined;
  if (addressType(node, { address: source.address, device: undefined }) === "LOCAL") {
    return `martian source: ${source.address} is an address of this node and came in by ${device}`;
  }
  return refusedByReversePath(node, packet);
}

/** rp_filter 1 wants the way back to leave by the same interface, 2 by any (RFC 3704). */
function refusedByReversePath(node: NodeState, { tuple, in: device = "" }: Packet) {
  const level = Math.max(
    Number(node.sysctls.get("net.ipv4.conf.all.rp_filter") ?? 0),
    Number(node.sysctls.get(`net.ipv4.conf.${sysctlName(device)}.rp_filter`) ?? 0),
  );
  if (level === 0) return undefined;
  const back = routeTo(node, tuple.source.address);
  const isStrict = level === 1;
  const isFine = back?.hops.some((hop) => !isStrict || hop.device === device) ?? false;
  if (isFine) return undefined;
  const way = isStrict ? `not by ${device}` : "by no interface";
  return `rp_filter=${level}: the way back to ${tuple.source.address} is ${way}`;
}

const FORWARD_OF_ALL = "net.ipv4.ip_forward";

/** Why it may not be forwarded from the interface it came in by. */
export function refusedToForward(walk: Walk): string | undefined {
  const { packet } = walk;
  const device = packet.in ?? "";
  const isIpv6 = packet.tuple.destination.address.includes(":");
  if (isIpv6) {
    const key = "net.ipv6.conf.all.forwarding";
    return isSet(walk, { key, assumed: true }) ? undefined : `${key} is 0`;
  }
  const own = `net.ipv4.conf.${sysctlName(device)}.forwarding`;
  const { sysctls } = walk.node;
  // Writing ip_forward writes every interface's, so it is the one that somebody changed (devinet_sysctl_forward).
  const isOfAll = sysctls.get(own) === "0" && sysctls.get(FORWARD_OF_ALL) === "0";
  const key = sysctls.has(own) && !isOfAll ? own : FORWARD_OF_ALL;
  return isSet(walk, { key, assumed: true }) ? undefined : `${key} is 0`;
}

/**
 * A process's 127.0.0.1 leaves the node only where route_localnet lets it (__mkroute_output). ::1 does
 * leave, and whoever gets it discards it (linux net/ipv6/ip6_input.c ip6_rcv_core).
 */
export function refusedOnOutput(walk: Walk): string | undefined {
  const { packet, node } = walk;
  const device = packet.out ?? "";
  const { address } = packet.tuple.source;
  if (!isLoopback(address) || address.includes(":")) return undefined;
  if (findInterface(node, device)?.isLoopback) return undefined;
  if (isOn(walk, { key: "route_localnet", device })) return undefined;
  return `${address} may not leave by ${device}: net.ipv4.conf.${device}.route_localnet is 0`;
}

/** A setting of one interface that `all` turns on for each. */
function isOn(walk: Walk, { key, device }: { key: string; device: string }): boolean {
  const { sysctls } = walk.node;
  if (sysctls.get(`net.ipv4.conf.all.${key}`) === "1") return true;
  return isSet(walk, { key: `net.ipv4.conf.${sysctlName(device)}.${key}`, assumed: false });
}

function isSet(walk: Walk, { key, assumed }: { key: string; assumed: boolean }): boolean {
  const value = walk.node.sysctls.get(key);
  if (value !== undefined) return value !== "0";
  walk.assumptions.add(`${key} is ${assumed ? 1 : 0}`);
  return assumed;
}
