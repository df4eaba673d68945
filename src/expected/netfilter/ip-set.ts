/** What `ipset` holds, for rules with `-m set`. */
import { prefixContains, type Prefix } from "#net/prefix.js";
import type { PredictedEndpoint, PredictedTuple } from "./predicted-tuple.js";

export interface IpSet {
  readonly name: string;
  /** `hash:ip,port`; undefined for one whose type is not modelled. */
  readonly parts: readonly SetPart[] | undefined;
  readonly members: readonly SetMember[];
}

export const SET_PARTS = ["ip", "net", "port"] as const;
export type SetPart = (typeof SET_PARTS)[number];

export interface SetMember {
  /** One value for each part of the set's type. */
  readonly values: readonly SetValue[];
  /** `nomatch`: an exception to the members around it. */
  readonly isException: boolean;
}

export type SetValue =
  | { readonly kind: "addresses"; readonly prefix: Prefix }
  /** Undefined protocol: any, as a bitmap of ports has it. */
  | {
      readonly kind: "ports";
      readonly protocol: string | undefined;
      readonly first: number;
      readonly last: number;
    };

/** `sides` are `src` or `dst`, one for each part. Undefined where the set cannot be asked so. */
export function isInSet(
  set: IpSet,
  sides: readonly ("src" | "dst")[],
  tuple: PredictedTuple,
): boolean | undefined {
  const { parts, members } = set;
  if (parts === undefined || sides.length < parts.length) return undefined;
  const ends = sides.map((side) => (side === "src" ? tuple.source : tuple.destination));
  const asksUnknownPort = parts.some((part, at) => part === "port" && ends[at]?.port === "any");
  if (asksUnknownPort) return undefined;
  const holding = members.filter(({ values }) =>
    values.every((value, at) => holds(value, ends[at], tuple.protocol)),
  );
  // The most specific member decides, and only networks are nested.
  const closest = holding.reduce<SetMember | undefined>(
    (best, member) => (best && lengthOf(best) >= lengthOf(member) ? best : member),
    undefined,
  );
  return closest !== undefined && !closest.isException;
}

function holds(value: SetValue, end: PredictedEndpoint | undefined, protocol: string): boolean {
  if (end === undefined) return false;
  if (value.kind === "addresses") return prefixContains(value.prefix, end.address);
  const isProtocol = value.protocol === undefined || value.protocol === protocol;
  return isProtocol && end.port !== "any" && value.first <= end.port && end.port <= value.last;
}

function lengthOf({ values }: SetMember): number {
  return values.reduce(
    (sum, value) => sum + (value.kind === "addresses" ? value.prefix.length : 0),
    0,
  );
}
