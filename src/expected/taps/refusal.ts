/** What a node that rejects a packet tells its sender: an ICMP error, or a reset. */
import { NO_POD_HAS } from "#expected/network/next-stop.js";
import { sourceAddressFor } from "#expected/network/source-address.js";
import { sameNamespace, stateOf } from "#expected/network/namespace.js";
import type { Network } from "#expected/network/namespaces.js";
import type { Hop, Path } from "#expected/network/path.js";
import { addressType } from "#expected/netfilter/routing.js";
import { reverse, type PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Address } from "#net/address.js";
import { ttlLoweredIn } from "./crossing.js";
import type { PredictedSighting, TapPoint } from "./predicted-sighting.js";
import { lastHookOf } from "./tuple-after.js";

const LIMITED = "the kernel limits how often it says so (linux net/ipv4/icmp.c icmp_global_allow)";

function whyOf(error: Refusal): string {
  if (error.kind === "reset") return "a rule rejects it with a reset";
  return `ICMP type ${error.type} code ${error.code}: ${LIMITED}`;
}

/**
 * It goes back the way the request came, and every NAT on it puts the request's own addresses back
 * (RFC 5508 §4.2), so it is seen where the request was, with whoever sent it there as its receiver.
 */
export function atRefusal(
  network: Network,
  path: Path,
  requests: readonly PredictedSighting[],
): readonly PredictedSighting[] {
  const last = path.request.at(-1);
  const reason = refusedFor(path);
  const error = reason !== undefined && last ? errorOf(network, reason, last) : undefined;
  if (error === undefined || last === undefined) return [];
  const lowered = ttlLoweredIn(path.request);
  return [
    ...requests.map((sighting) => answerAt(sighting, { error, last, lowered })),
    ...onLoopback(last, error),
  ];
}

type Refusal =
  | { readonly kind: "reset" }
  | {
      readonly kind: "icmp";
      readonly protocol: "icmp" | "icmp6";
      readonly from: Address;
      readonly type: number;
      readonly code: number;
    };

interface Answering {
  readonly error: Refusal;
  readonly last: Hop;
  /** How often the request's TTL had been lowered when it was refused. */
  readonly lowered: number;
}

function answerAt(
  { point, tuple, outer, ttlLowered }: PredictedSighting,
  { error, last, lowered }: Answering,
): PredictedSighting {
  // Nodes on the way that had translated the request translate the error's sender with it.
  const isBefore = !("name" in point.namespace && sameNamespace(point.namespace, last.namespace));
  const dialled = tuple.destination.address;
  const isTranslated = isBefore && dialled !== last.trace.first.destination.address;
  return {
    point,
    direction: "reply",
    tuple: refusalTuple(error, { request: tuple, from: isTranslated ? dialled : undefined }),
    outer: outer && turned(outer),
    ttlLowered: lowered - ttlLowered,
    seen: "may",
    why: whyOf(error),
  };
}

/** ICMP has type and code where others have ports. */
function refusalTuple(
  error: Refusal,
  { request, from }: { readonly request: PredictedTuple; readonly from: Address | undefined },
): PredictedTuple {
  if (error.kind === "reset") return reverse(request);
  const { protocol, type, code } = error;
  return {
    protocol,
    source: { address: from ?? error.from, port: type },
    destination: { address: request.source.address, port: code },
  };
}

/** The other direction of a tunnel has a source port of its own. */
function turned({ protocol, source, destination }: PredictedTuple): PredictedTuple {
  return {
    protocol,
    source: { address: destination.address, port: "any" },
    destination: { address: source.address, port: destination.port },
  };
}

/** A process whose packet is rejected before a device is reached hears of it by lo. */
function onLoopback(
  { namespace, arrival, trace }: Hop,
  error: Refusal,
): readonly PredictedSighting[] {
  if (arrival.from !== "process" || lastHookOf(trace) === "input") return [];
  const point: TapPoint = { namespace, interface: "lo", kind: "loopback", pod: undefined };
  const tuple = refusalTuple(error, { request: trace.first, from: undefined });
  const rest = { outer: undefined, ttlLowered: 0, seen: "may", why: whyOf(error) } as const;
  return [{ point, direction: "reply", tuple, ...rest }];
}

/**
 * From the address that was dialled if it is the node's, else as the node routes (icmp_send); where
 * the request had been translated conntrack makes it the dialled one in any case.
 */
function errorOf(network: Network, reason: string, { namespace, trace }: Hop): Refusal | undefined {
  if (reason === "tcp-reset" || reason === "tcp-rst") return { kind: "reset" };
  const state = stateOf(network, namespace);
  const { source, destination } = trace.first;
  const isIpv6 = source.address.includes(":");
  const known = (isIpv6 ? ICMP6_ERRORS : ICMP_ERRORS).get(reason);
  if (state === undefined || known === undefined) return undefined;
  const isOwn = addressType(state, { address: destination.address, device: undefined }) === "LOCAL";
  const isTranslated = trace.final.destination.address !== destination.address;
  const routed = sourceAddressFor(state, source.address);
  const from = isOwn || isTranslated ? destination.address : routed;
  if (from === undefined) return undefined;
  const [type, code] = known;
  const protocol = isIpv6 ? "icmp6" : "icmp";
  return { kind: "icmp", protocol, from, type, code };
}

/** Rejected, or given up on when no neighbour answers (linux net/ipv4/arp.c arp_error_report). */
function refusedFor({ end }: Path): string | undefined {
  if (end.kind === "rejected") return end.reason ?? DEFAULT_REJECT;
  return end.kind === "dropped" && end.reason?.startsWith(NO_POD_HAS) ? NO_POD_HAS : undefined;
}

const DEFAULT_REJECT = "icmp-port-unreachable";

/** iptables extensions/libipt_REJECT.c, and the kernel's of routes (linux net/ipv4/route.c ip_error). */
const ICMP_ERRORS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["icmp-net-unreachable", [3, 0]],
  ["icmp-host-unreachable", [3, 1]],
  ["icmp-proto-unreachable", [3, 2]],
  ["icmp-port-unreachable", [3, 3]],
  ["icmp-net-prohibited", [3, 9]],
  ["icmp-host-prohibited", [3, 10]],
  ["icmp-admin-prohibited", [3, 13]],
  ["unreachable route", [3, 1]],
  [NO_POD_HAS, [3, 1]],
  ["prohibit route", [3, 13]],
]);

/** iptables extensions/libip6t_REJECT.c; RFC 4443 §3.1. */
const ICMP6_ERRORS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["icmp6-no-route", [1, 0]],
  ["icmp6-adm-prohibited", [1, 1]],
  ["icmp6-addr-unreachable", [1, 3]],
  ["icmp6-port-unreachable", [1, 4]],
  ["icmp-port-unreachable", [1, 4]],
  ["unreachable route", [1, 3]],
  [NO_POD_HAS, [1, 3]],
  ["prohibit route", [1, 1]],
]);
