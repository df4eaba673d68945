import { FIRST_TIME, HIGH_ADDRESS, KIND, LOW_ADDRESS, PLACE, PORTS } from "./layout.js";
import { recordOffset, type ConnectionTable } from "./connection-table.js";
import { sortedNumbers } from "./order.js";

/** Words that decide between connections of the same first time: the tuple, then the place. */
const TUPLE_WORDS = [KIND, LOW_ADDRESS, HIGH_ADDRESS, PORTS, PLACE];

/** Record numbers by first time, then by tuple, then as they were seen. */
export function connectionOrder(table: ConnectionTable): Int32Array {
  return sortedNumbers(table.count, (a, b) => {
    const viewA = table.slab(a);
    const viewB = table.slab(b);
    const atA = recordOffset(a);
    const atB = recordOffset(b);
    const earlier =
      viewA.getFloat64(atA + FIRST_TIME, true) - viewB.getFloat64(atB + FIRST_TIME, true);
    if (earlier !== 0) return earlier;
    for (const word of TUPLE_WORDS) {
      const order = viewA.getUint32(atA + word, true) - viewB.getUint32(atB + word, true);
      if (order !== 0) return order;
    }
    return a - b;
  });
}
