/** What is known of each two capture points' clocks. */
import type { ClockBounds } from "./clock-bounds.js";
import { clockPair, type ClockPair } from "./clock-pair.js";
import { mapIn } from "./nested-maps.js";

export interface PointFacts {
  /** Of each point's times, ns. */
  readonly resolutions: ReadonlyMap<string, number>;
  readonly hostOf: (point: string) => string | undefined;
}

export interface PointPair {
  readonly a: string;
  readonly b: string;
}

/** B's clock against A's, and A's against B's. */
export class PointPairs {
  readonly #found = new Map<string, Map<string, ClockPair>>();
  readonly #resolutions: ReadonlyMap<string, number>;
  readonly #hostOf: (point: string) => string | undefined;

  constructor({ resolutions, hostOf }: PointFacts) {
    this.#resolutions = resolutions;
    this.#hostOf = hostOf;
  }

  between({ a, b }: PointPair): ClockPair | undefined {
    return this.#found.get(a)?.get(b);
  }

  set({ a, b }: PointPair, pair: ClockPair): void {
    mapIn(this.#found, a).set(b, pair);
    mapIn(this.#found, b).set(a, turned(pair));
  }

  pairOf({ a, b }: PointPair, conversations: readonly ClockBounds[]): ClockPair {
    const [one, other] = [this.#hostOf(a), this.#hostOf(b)];
    const isOneHost = one === undefined || other === undefined ? undefined : one === other;
    const resolutionNs = (this.#resolutions.get(a) ?? 0) + (this.#resolutions.get(b) ?? 0);
    return clockPair({ conversations, isOneHost, resolutionNs });
  }

  /** By points that are held together: the first of them. */
  roots(points: readonly string[]): ReadonlyMap<string, string> {
    const roots = new Map<string, string>();
    for (const root of points) {
      const open = roots.has(root) ? [] : [root];
      for (let point = open.pop(); point !== undefined; point = open.pop()) {
        if (roots.has(point)) continue;
        roots.set(point, root);
        open.push(...(this.#found.get(point)?.keys() ?? []));
      }
    }
    return roots;
  }
}

/** The same, of A against B. */
function turned(pair: ClockPair): ClockPair {
  return {
    ...pair,
    offsetNs: -pair.offsetNs,
    slope: 1 / (1 + pair.slope) - 1,
    at: pair.at + pair.offsetNs,
  };
}
