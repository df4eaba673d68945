/** TCP connections of whose handshake a capture shows nothing, joined by the sequence numbers they went through. */
import { NAMES } from "./evidence.js";
import { MAX_CANDIDATES, type Candidate, type Joining } from "./joining.js";

/** Joins what is named, and returns what only may be one. */
export function joinMidStream(joining: Joining): readonly Candidate[] {
  const { handshakes, groups, ranges, conntrack } = joining;
  const open: Candidate[] = [];
  handshakes.known.forEach((known, leg) => {
    if (known !== 0) return;
    const meeting = ranges.meeting(leg).filter((other) => !conntrack.keepsApart(leg, other));
    const named = meeting.filter((other) => handshakes.known[other] !== 0);
    const conversations = new Set(named.map((other) => groups.rootOf(other)));
    // Two connections with the same numbers: generated traffic, or one that was dialled again.
    if (conversations.size > 1) {
      for (const root of [...conversations].slice(0, MAX_CANDIDATES)) {
        open.push({ legs: [root, leg], packets: 1, isOneOfThese: true });
      }
      return;
    }
    for (const other of named.length > 0 ? named : meeting) groups.join(leg, other, NAMES.ranges);
  });
  return open;
}
