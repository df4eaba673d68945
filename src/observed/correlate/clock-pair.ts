/** Two capture points' clocks against each other, by every conversation that both show. */
import { agreeing } from "./agreeing-bounds.js";
import { MAX_DRIFT, movedBounds, type ClockBounds } from "./clock-bounds.js";
import type { ClockBasis } from "./clocks.js";
import { lineBetween, type LineBetween } from "./line-between.js";

/** B's clock less A's: `offsetNs` when A's shows `at`, and more by `slope` for each ns after. */
export interface ClockPair {
  readonly offsetNs: number;
  readonly slope: number;
  readonly at: number;
  /** Undefined where no packet shows it. */
  readonly uncertaintyNs: number | undefined;
  readonly basis: Extract<ClockBasis, "same clock" | "request and reply" | "one direction">;
  /** Packets that both points have; requests, where a proxy passed them on. */
  readonly pairs: number;
  readonly isRelayed?: true;
}

export interface PairEvidence {
  readonly conversations: readonly ClockBounds[];
  /** Undefined where one of the two hosts is not known. */
  readonly isOneHost: boolean | undefined;
  /** Both clocks' resolutions together, ns. */
  readonly resolutionNs: number;
}

/** One host has one clock, as long as no packet says otherwise. */
export const ONE_HOST: ClockPair = {
  offsetNs: 0,
  slope: 0,
  at: 0,
  uncertaintyNs: undefined,
  basis: "same clock",
  pairs: 0,
};

export function clockPair({ conversations, isOneHost, resolutionNs }: PairEvidence): ClockPair {
  const rounded = conversations.map((one) => widened(one, resolutionNs));
  const whole = lineBetween(allBounds(rounded));
  const held = whole.excess === 0 ? rounded : agreeing(rounded);
  const line = held === rounded ? whole : lineBetween(allBounds(held));
  const pairs = held.reduce((sum, one) => sum + one.pairs, 0);
  const basis = basisOf(held);
  const isTold = basis === "request and reply" || isOneHost !== false;
  if (isTold && held.every(holdsZero)) {
    return {
      offsetNs: 0,
      slope: 0,
      at: line.at,
      uncertaintyNs: isOneHost ? 0 : Math.max(-line.lowest, line.highest),
      basis: isOneHost === false ? basis : "same clock",
      pairs,
    };
  }
  const offsetNs = offsetIn(line, held);
  const uncertaintyNs = Math.max(line.highest - offsetNs, offsetNs - line.lowest);
  return { offsetNs, slope: line.slope, at: line.at, uncertaintyNs, basis, pairs };
}

/** A time that was cut to its resolution is earlier than the packet by up to that. */
function widened(bounds: ClockBounds, byNs: number): ClockBounds {
  return {
    ...bounds,
    uppers: movedBounds(bounds.uppers, byNs),
    lowers: movedBounds(bounds.lowers, -byNs),
  };
}

function allBounds(conversations: readonly ClockBounds[]): Parameters<typeof lineBetween>[0] {
  return {
    uppers: conversations.flatMap(({ uppers }) => uppers),
    lowers: conversations.flatMap(({ lowers }) => lowers),
    maxSlope: MAX_DRIFT,
  };
}

function holdsZero({ uppers, lowers }: ClockBounds): boolean {
  return uppers.every(({ ns }) => ns >= 0) && lowers.every(({ ns }) => ns <= 0);
}

function basisOf(conversations: readonly ClockBounds[]): "request and reply" | "one direction" {
  const held = new Set(conversations.map((one) => one.held));
  const isBoth = held.has("both") || (held.has("from above") && held.has("from below"));
  return isBoth ? "request and reply" : "one direction";
}

/** Of one direction the packet that took least time is nearest to the offset. */
function offsetIn({ floor, ceiling }: LineBetween, conversations: readonly ClockBounds[]): number {
  const held = new Set(conversations.map((one) => one.held));
  if (!held.has("both") && held.has("from above") !== held.has("from below")) {
    return held.has("from above") ? ceiling : floor;
  }
  return (floor + ceiling) / 2;
}
