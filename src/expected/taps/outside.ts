/** A machine outside the cluster that dials or serves: packets as it sends and gets them. */
import type { Path, Reply } from "#expected/network/path.js";
import type { PredictedTuple } from "#expected/netfilter/predicted-tuple.js";
import { reverse } from "#expected/netfilter/predicted-tuple.js";
import { PLAINLY, ttlLoweredIn } from "./crossing.js";
import type { PredictedSighting, TapPoint } from "./predicted-sighting.js";

const OUTSIDE: TapPoint = {
  namespace: { kind: "outside" },
  interface: undefined,
  kind: "uplink",
  pod: undefined,
};

type Seen = Pick<PredictedSighting, "direction" | "tuple" | "ttlLowered"> &
  Partial<Pick<PredictedSighting, "seen" | "why">>;

const RESET = {
  seen: "may",
  why: "the client does not know this answer and resets what sent it (RFC 9293 §3.10.7)",
} as const;

export function atOutside(path: Path): readonly PredictedSighting[] {
  return [...requestSeen(path), ...replySeen(path)].map((seen) => ({
    point: OUTSIDE,
    outer: undefined,
    ...PLAINLY,
    ...seen,
  }));
}

function requestSeen({ dial, request, end }: Path): readonly Seen[] {
  const direction = "request";
  const dialled =
    dial.from.kind === "outside" ? [{ direction, tuple: dial.tuple, ttlLowered: 0 } as const] : [];
  const isServed = end.kind === "delivered" && end.to.kind === "outside";
  if (!isServed) return dialled;
  return [...dialled, { direction, tuple: end.tuple, ttlLowered: ttlLoweredIn(request) }];
}

function replySeen({ dial, end, reply }: Path): readonly Seen[] {
  if (reply === undefined) return [];
  const direction = "reply";
  const isServed = end.kind === "delivered" && end.to.kind === "outside";
  return [
    ...(isServed ? [{ direction, tuple: reverse(end.tuple), ttlLowered: 0 } as const] : []),
    ...(dial.from.kind === "outside" ? arriving(reply) : []),
  ];
}

function arriving({ arrives, hops, isRecognised }: Reply): readonly Seen[] {
  const tuple: PredictedTuple | undefined = arrives;
  if (tuple === undefined) return [];
  const answer = { direction: "reply", tuple, ttlLowered: ttlLoweredIn(hops) } as const;
  if (isRecognised || tuple.protocol !== "tcp") return [answer];
  return [answer, { direction: "request", tuple: reverse(tuple), ttlLowered: 0, ...RESET }];
}
