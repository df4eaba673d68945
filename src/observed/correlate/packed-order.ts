import type { ConnectionList } from "#observed/flow/connection-list.js";
import { nameOf } from "./leg-order.js";

/** Places in the lists, were they one behind the other, in the order of `inOrder`. */
export function packedOrder(lists: readonly ConnectionList[]): Int32Array {
  const times = firstTimes(lists);
  const order = merged(lists, times);
  let start = 0;
  for (let at = 1; at <= order.length; at++) {
    if (at < order.length && times[order[at] ?? 0] === times[order[start] ?? 0]) continue;
    if (at - start > 1) sortByName(order.subarray(start, at), lists);
    start = at;
  }
  return order;
}

/** ns since the earliest base, by place. */
function firstTimes(lists: readonly ConnectionList[]): Float64Array {
  const times = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  const bases = lists.filter(({ length }) => length > 0).map(({ baseTime }) => baseTime);
  const earliest = bases.reduce((a, b) => (b < a ? b : a), bases[0] ?? 0n);
  let at = 0;
  for (const list of lists) {
    const fromEarliest = Number(list.baseTime - earliest);
    for (let place = 0; place < list.length; place++) {
      times[at++] = fromEarliest + list.firstAfterBase(place);
    }
  }
  return times;
}

/** Each list is in the order of its times, so the next is always the first of one of them. */
function merged(lists: readonly ConnectionList[], times: Float64Array): Int32Array {
  const order = new Int32Array(times.length);
  let end = 0;
  const runs = lists.map(({ length }) => ({ next: end, end: (end += length) }));
  for (let at = 0; at < order.length; at++) {
    let earliest = runs[0];
    for (const run of runs) {
      if (run.next === run.end || run === earliest) continue;
      const isDone = earliest === undefined || earliest.next === earliest.end;
      if (isDone || (times[run.next] ?? 0) < (times[earliest?.next ?? 0] ?? 0)) earliest = run;
    }
    if (earliest !== undefined) order[at] = earliest.next++;
  }
  return order;
}

/** What one time has in common is told apart by what and where; few are. */
function sortByName(places: Int32Array, lists: readonly ConnectionList[]): void {
  const named = Array.from(places, (place) => ({ place, name: nameAt(place, lists) }));
  named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  places.set(named.map(({ place }) => place));
}

function nameAt(place: number, lists: readonly ConnectionList[]): string {
  let before = 0;
  for (const list of lists) {
    if (place < before + list.length) return nameOf(list.at(place - before));
    before += list.length;
  }
  return "";
}
