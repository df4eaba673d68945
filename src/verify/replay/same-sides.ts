import { seqBefore } from "#net/sequence.js";
import type { Connection, SequenceRange } from "#observed/flow/connection.js";
import { turned } from "#verify/turned.js";
import { isDirectionKnown } from "./is-direction-known.js";

/**
 * The same connections, with one end for originator in all of them. Captures that began in mid-stream
 * take whoever they saw first for it; sequence numbers, which no NAT rewrites, tell which end that was.
 */
export function withSameSides(connections: readonly Connection[]): readonly Connection[] {
  const reference = connections.find((one) => isDirectionKnown(one)) ?? connections[0];
  if (reference === undefined) return connections;
  return connections.map((connection) =>
    !isDirectionKnown(connection) && isCrossed(reference, connection)
      ? turned(connection)
      : connection,
  );
}

function isCrossed({ directions: [a, b] }: Connection, { directions }: Connection): boolean {
  const [c, d] = directions;
  const isAlong = isSame(a.sequence, c.sequence) || isSame(b.sequence, d.sequence);
  return !isAlong && (isSame(a.sequence, d.sequence) || isSame(b.sequence, c.sequence));
}

/** Both go through some of the same numbers. */
function isSame(one: SequenceRange | undefined, other: SequenceRange | undefined): boolean {
  if (one?.start === undefined || one.end === undefined) return false;
  if (other?.start === undefined || other.end === undefined) return false;
  return !seqBefore(one.end, other.start) && !seqBefore(other.end, one.start);
}
