import type { BundleEntry } from "./bundle-entry.js";
import { isStillPacked } from "./entry-head.js";
import { formatLimit, type BundleLimits } from "./limits.js";
import type { Siblings } from "./recogniser.js";
import { RECOGNISERS } from "./recognisers.js";
import type { Taking } from "./taking.js";

export interface Surroundings extends Siblings {
  readonly limits: BundleLimits;
}

/** What an entry is taken for where nobody says it. */
export function recognise(entry: BundleEntry, { limits, namesIn }: Surroundings): Taking {
  for (const recogniser of RECOGNISERS) {
    const taking = recogniser(entry, { namesIn });
    if (!taking) continue;
    const isText = taking.as !== "capture" && taking.as !== "archive";
    if (!isText || entry.sizeBytes <= limits.textBytes) return taking;
    return nothing(`a text of more than ${formatLimit(limits.textBytes)}`);
  }
  if (entry.head.length === 0) return nothing("empty");
  return nothing(isStillPacked(entry.head) ? "compressed" : UNKNOWN);
}

/** Why most entries of a large collection are not used. */
export const UNKNOWN = "no capture, state or topology";

const nothing = (why: string): Taking => ({ as: "nothing", why, by: "its bytes" });
