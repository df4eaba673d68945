/** Which legs are one conversation, and by what: a disjoint-set forest over the legs' numbers. */
import type { JoinEvidence } from "./evidence.js";

/** Two legs that may be one conversation and were not joined. */
export interface Rejected {
  readonly legs: readonly [number, number];
  /** How well they fit, 0 to 1. */
  readonly score: number;
  /** The other candidates fit about as well, so that nothing decides. */
  readonly isAmbiguous: boolean;
}

export class Groups {
  readonly #parents: Int32Array;
  readonly #sizes: Int32Array;
  /** By a group's root: the weakest evidence that holds it together. */
  readonly #weakest = new Map<number, JoinEvidence>();
  /** By a group's root: its legs, where it has several. */
  readonly #legs = new Map<number, number[]>();
  readonly rejected: Rejected[] = [];

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, leg) => leg);
    this.#sizes = new Int32Array(count).fill(1);
  }

  rootOf(leg: number): number {
    let at = leg;
    for (let up = this.#parents[at] ?? at; up !== at; up = this.#parents[at] ?? at) {
      this.#parents[at] = this.#parents[up] ?? up;
      at = up;
    }
    return at;
  }

  isJoined(a: number, b: number): boolean {
    return this.rootOf(a) === this.rootOf(b);
  }

  isAlone(leg: number): boolean {
    return this.#sizes[this.rootOf(leg)] === 1;
  }

  /** All that are joined to it, itself included. */
  legsWith(leg: number): readonly number[] {
    const root = this.rootOf(leg);
    return this.#legs.get(root) ?? [root];
  }

  /** Undefined for a leg that is alone. */
  evidenceOf(leg: number): JoinEvidence | undefined {
    return this.#weakest.get(this.rootOf(leg));
  }

  join(a: number, b: number, evidence: JoinEvidence): void {
    const [one, other] = [this.rootOf(a), this.rootOf(b)];
    if (one === other) return;
    const isLarger = (this.#sizes[one] ?? 0) >= (this.#sizes[other] ?? 0);
    const [root, joining] = isLarger ? [one, other] : [other, one];
    const legs = this.#legs.get(root) ?? [root];
    for (const leg of this.legsWith(joining)) legs.push(leg);
    this.#legs.set(root, legs);
    this.#legs.delete(joining);
    this.#parents[joining] = root;
    this.#sizes[root] = legs.length;
    const before = [this.#weakest.get(root), this.#weakest.get(joining)];
    this.#weakest.set(root, before.reduce(weaker, evidence) ?? evidence);
    this.#weakest.delete(joining);
  }
}

function weaker(
  one: JoinEvidence | undefined,
  other: JoinEvidence | undefined,
): JoinEvidence | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.score < one.score ? other : one;
}
