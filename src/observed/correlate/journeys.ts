import type { Connection } from "#observed/flow/connection.js";
import type { Groups } from "./groups.js";
import type { Journey } from "./journey.js";

/** A journey per group, in the order of their first packets; the connections are in that order already. */
export function journeysOf(connections: readonly Connection[], groups: Groups): readonly Journey[] {
  const legs = new Map<number, Connection[]>();
  const ids = new Map<number, string>();
  connections.forEach((connection, leg) => {
    const root = groups.rootOf(leg);
    const list = legs.get(root);
    if (list) {
      list.push(connection);
    } else {
      legs.set(root, [connection]);
      ids.set(root, `c${legs.size}`);
    }
  });
  const others = othersOf(groups);
  return [...legs].map(([root, joined]): Journey => {
    const evidence = groups.evidenceOf(root);
    const { runnerUp = 0, ambiguous = new Set<number>() } = others.get(root) ?? {};
    const ambiguousWith = [...ambiguous].flatMap((leg) => ids.get(leg) ?? []);
    return {
      id: ids.get(root) ?? "",
      protocol: joined[0]?.protocol ?? "",
      connections: joined,
      joinedBy: evidence?.says,
      ...(evidence && { join: { score: evidence.score, runnerUp } }),
      ...(ambiguousWith.length > 0 && { ambiguousWith: ambiguousWith.toSorted(byNumber) }),
    };
  });
}

const byNumber = (a: string, b: string): number => Number(a.slice(1)) - Number(b.slice(1));

interface Others {
  runnerUp: number;
  readonly ambiguous: Set<number>;
}

/** By a group's root: what it was not joined to. */
function othersOf(groups: Groups): ReadonlyMap<number, Others> {
  const others = new Map<number, Others>();
  for (const { legs, score, isAmbiguous } of groups.rejected) {
    const [a, b] = [groups.rootOf(legs[0]), groups.rootOf(legs[1])];
    if (a === b) continue;
    for (const [root, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = others.get(root) ?? { runnerUp: 0, ambiguous: new Set() };
      known.runnerUp = Math.max(known.runnerUp, score);
      if (isAmbiguous) known.ambiguous.add(other);
      others.set(root, known);
    }
  }
  return others;
}
