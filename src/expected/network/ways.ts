/** Every way that one packet can take through a cluster, from namespace to namespace. */
import type { PacketInput } from "#expected/netfilter/packet.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import type { Rule } from "#expected/netfilter/rule.js";
import type { Trace } from "#expected/netfilter/trace.js";
import { traverse } from "#expected/netfilter/traverse.js";
import type { Address } from "#net/address.js";
import { ttlLoweredBy } from "./bridged.js";
import { strangeAnswer, trackingOf } from "./known-connections.js";
import { stateOf, type Namespace } from "./namespace.js";
import type { Network } from "./namespaces.js";
import { nextStop } from "./next-stop.js";
import type { Hop } from "./path.js";

export interface Way {
  readonly hops: readonly Hop[];
  readonly outcome: Outcome;
  readonly probability: number;
}

export type Outcome =
  | { readonly kind: "delivered"; readonly namespace: Namespace; readonly tuple: PredictedTuple }
  | { readonly kind: "left"; readonly address: Address; readonly tuple: PredictedTuple }
  | {
      readonly kind: "dropped" | "rejected" | "unknown";
      readonly namespace: Namespace;
      readonly rule: Rule | undefined;
      readonly reason: string | undefined;
    };

/** A packet on the doorstep of a namespace. */
export interface Visit {
  readonly namespace: Namespace;
  readonly input: PacketInput;
}

/** Of a packet that is passed in circles the rest is not worth telling. */
const MAX_HOPS = 16;
/** Rules that leave it to chance one after the other multiply. */
const MAX_WAYS = 1024;

export interface Journey {
  readonly direction: "request" | "reply" | "reset";
  readonly start: Visit;
  /** What the connection's other direction passed. */
  readonly behind: readonly Hop[];
}

export function everyWay(network: Network, journey: Journey): readonly Way[] {
  const walker: Walker = { network, ...journey, waysLeft: MAX_WAYS };
  return visit(walker, { at: journey.start, hops: [], probability: 1 });
}

interface Walker extends Omit<Journey, "start"> {
  readonly network: Network;
  waysLeft: number;
}

interface Position {
  readonly at: Visit;
  readonly hops: readonly Hop[];
  readonly probability: number;
}

function visit(walker: Walker, position: Position): readonly Way[] {
  const { at, hops, probability } = position;
  const state = stateOf(walker.network, at.namespace);
  const limit =
    state === undefined
      ? `no ${at.namespace.kind} ${at.namespace.name} is known`
      : limitReached(walker, hops);
  if (state === undefined || limit !== undefined) {
    const { namespace } = at;
    const outcome = { kind: "unknown" as const, namespace, rule: undefined, reason: limit };
    return [{ hops, outcome, probability }];
  }
  return traverse(state, at.input).flatMap((trace) => {
    const { arrival } = at.input;
    const ttlLowered = ttlLoweredBy(state, { arrival, trace });
    const hop = { namespace: at.namespace, arrival, trace, ttlLowered, outer: undefined };
    return goOn(walker, { ...position, hop, probability: probability * trace.probability });
  });
}

function limitReached({ waysLeft }: Walker, hops: readonly Hop[]): string | undefined {
  if (hops.length >= MAX_HOPS) return `it passes more than ${MAX_HOPS} namespaces`;
  return waysLeft <= 0 ? "more ways than the model follows" : undefined;
}

function goOn(walker: Walker, position: Position & { readonly hop: Hop }): readonly Way[] {
  const { hop, probability } = position;
  const { namespace, trace } = hop;
  const end = (outcome: Outcome, last = hop): readonly Way[] => {
    walker.waysLeft--;
    return [{ hops: [...position.hops, last], outcome, probability }];
  };
  if (trace.disposition !== "forwarded") return end(outcomeOf(namespace, trace));
  const next = nextStop(walker.network, { namespace, trace });
  switch (next.to) {
    case "nobody":
      return end({ kind: "dropped", namespace, rule: undefined, reason: next.reason });
    case "outside":
      return end({ kind: "left", address: next.address, tuple: trace.final });
    case "namespace": {
      const hops = [...position.hops, { ...hop, outer: next.outer }];
      return visit(walker, {
        at: arriveAt(walker, { next, tuple: trace.final, hops }),
        hops,
        probability,
      });
    }
  }
}

function outcomeOf(namespace: Namespace, { disposition, final, rule, reason }: Trace): Outcome {
  switch (disposition) {
    case "delivered-locally":
      return { kind: "delivered", namespace, tuple: final };
    case "dropped":
    case "rejected":
    case "unknown":
      return { kind: disposition, namespace, rule, reason };
    case "forwarded":
      throw new Error("a forwarded packet has no end here");
  }
}

interface Arriving {
  readonly next: Extract<ReturnType<typeof nextStop>, { to: "namespace" }>;
  readonly tuple: PredictedTuple;
  readonly hops: readonly Hop[];
}

function arriveAt({ direction, behind }: Walker, { next, tuple, hops }: Arriving): Visit {
  const { namespace, arrival } = next;
  const known = trackingOf({ namespace, tuple, behind: [...behind, ...hops] });
  return { namespace, input: { tuple, arrival, ...packetOf({ direction, tuple, known }) } };
}

/** A first packet begins connections; its answer, with SYN and ACK, and a reset do not. */
export function packetOf({
  direction,
  tuple,
  known,
}: {
  readonly direction: Journey["direction"];
  readonly tuple: PredictedTuple;
  readonly known: ReturnType<typeof trackingOf>;
}): Pick<PacketInput, "tracking" | "tcpFlags"> {
  if (direction === "request") return known ? { tracking: known } : {};
  const tracking = known ?? strangeAnswer(tuple);
  return { tracking, tcpFlags: direction === "reply" ? ["SYN", "ACK"] : ["RST"] };
}
