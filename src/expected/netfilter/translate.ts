/** What DNAT, SNAT, MASQUERADE and REDIRECT make of a connection's first packet. */
import { addressBits, addressFromBits, type Address } from "#net/address.js";
import type { Choices } from "./choices.js";
import { isTaken, withTranslated } from "./conntrack.js";
import type { Hook } from "./hook.js";
import type { NodeState } from "./node-state.js";
import type { Packet } from "./packet.js";
import type { PredictedPort } from "./predicted-tuple.js";
import type { End, PortChoice, Target } from "./rule.js";
import { masqueradeAddress, redirectAddress } from "./select-address.js";

export type NatTarget = Extract<Target, { kind: "dnat" | "snat" | "masquerade" | "redirect" }>;

/** A `no-address` packet is dropped: the interface has none to take. */
export type Translated =
  | { readonly outcome: "translated"; readonly packet: Packet }
  | { readonly outcome: "no-address"; readonly reason: string };

export interface TranslateContext {
  readonly node: NodeState;
  readonly hook: Hook;
  readonly choices: Choices;
  /** Of the route taken, for the address that MASQUERADE selects. */
  readonly nextHop: Address;
}

export function translate(
  target: NatTarget,
  packet: Packet,
  context: TranslateContext,
): Translated {
  const end: End = target.kind === "dnat" || target.kind === "redirect" ? "destination" : "source";
  const address = addressFor(target, packet, context);
  if (address === undefined) {
    const device = packet[target.kind === "redirect" ? "in" : "out"] ?? "the interface";
    const reason = `${device} has no address for ${target.kind.toUpperCase()}`;
    return { outcome: "no-address", reason };
  }
  const wanted = { address, port: portFor(target.ports, { end, port: packet.tuple[end].port }) };
  return { outcome: "translated", packet: rewrite(packet, { end, wanted, node: context.node }) };
}

/**
 * A connection that no rule translates is bound all the same, and gets another source port when its
 * answers could be taken for another's (linux net/netfilter/nf_nat_core.c nf_nat_alloc_null_binding).
 */
export function keepUnique(packet: Packet, node: NodeState): Packet {
  return rewrite(packet, { end: "source", wanted: packet.tuple.source, node });
}

interface Rewrite {
  readonly end: End;
  readonly wanted: { readonly address: Address; readonly port: PredictedPort };
  readonly node: NodeState;
}

/**
 * The port stays as long as the whole tuple is free; when it is taken, the kernel looks for another
 * of the same class, 1 to 511, 600 to 1023 or above (nf_nat_core.c nf_nat_l4proto_unique_tuple).
 */
function rewrite(packet: Packet, { end, wanted, node }: Rewrite): Packet {
  const tuple = { ...packet.tuple, [end]: wanted };
  const clashes = end === "source" && isTaken(tuple, node.entries);
  const value = clashes ? { ...wanted, port: "any" as const } : wanted;
  const { tracking } = packet;
  return {
    ...packet,
    tuple: { ...packet.tuple, [end]: value },
    tracking: { ...tracking, entry: withTranslated(tracking.entry, end, value) },
  };
}

function addressFor(
  target: NatTarget,
  { tuple, in: device, out }: Packet,
  { node, hook, choices, nextHop }: TranslateContext,
): Address | undefined {
  switch (target.kind) {
    case "dnat":
      return oneOf(target.addresses, choices) ?? tuple.destination.address;
    case "snat":
      return oneOf(target.addresses, choices) ?? tuple.source.address;
    case "masquerade":
      return out === undefined ? undefined : masqueradeAddress(node, { device: out, nextHop });
    case "redirect": {
      const isIpv6 = tuple.destination.address.includes(":");
      return redirectAddress(node, { device: hook === "output" ? undefined : device, isIpv6 });
    }
  }
}

/** The kernel hashes source and destination into the range, with a result nobody can foretell. */
function oneOf(
  range: { readonly first: Address; readonly last: Address } | undefined,
  choices: Choices,
): Address | undefined {
  if (range === undefined) return undefined;
  const { bits, width } = addressBits(range.first);
  const count = Number(addressBits(range.last).bits - bits) + 1;
  if (count <= 1) return range.first;
  const chosen = choices.choose(Array<number>(count).fill(1 / count));
  return addressFromBits(bits + BigInt(chosen), width);
}

/** A port within the range stays too, unless it is to be random; a destination's port needs a range. */
function portFor(
  { range, isRandom }: PortChoice,
  { end, port }: { readonly end: End; readonly port: PredictedPort },
): PredictedPort {
  if (range === undefined) return isRandom && end === "source" ? "any" : port;
  if (range.first === range.last) return range.first;
  const isWithin = port !== "any" && range.first <= port && port <= range.last;
  return isWithin && !isRandom ? port : "any";
}
