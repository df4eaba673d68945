import type { ConnectionList } from "#observed/flow/connection-list.js";
import { joinLegs } from "./join.js";
import { PackedLegs } from "./packed-legs.js";

/**
 * The number of each connection's journey, `joinConnections`' id without its `c`: list by list.
 * Memory is some 100 bytes a connection, and more for each that its handshake does not name.
 */
export function journeyNumbers(lists: readonly ConnectionList[]): Int32Array {
  const legs = new PackedLegs(lists);
  const groups = joinLegs(legs);
  const numbers = new Int32Array(legs.length);
  const numberOf = new Int32Array(legs.length);
  let count = 0;
  for (let leg = 0; leg < legs.length; leg++) {
    const root = groups.rootOf(leg);
    if (numberOf[root] === 0) numberOf[root] = ++count;
    numbers[legs.placeInLists(leg)] = numberOf[root] ?? 0;
  }
  return numbers;
}
