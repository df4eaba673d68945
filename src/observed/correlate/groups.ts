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

/** 16 bytes a leg: a million of them are joined at once. */
export class Groups {
  readonly #parents: Int32Array;
  readonly #sizes: Int32Array;
  /** The next leg of the group; from the last on to the first. */
  readonly #next: Int32Array;
  /** By a group's root: the weakest evidence that holds it together, in `#evidences`; 0 for none. */
  readonly #weakest: Int32Array;
  readonly #evidences: (JoinEvidence | undefined)[] = [undefined];
  readonly #numbers = new Map<JoinEvidence, number>();
  readonly rejected: Rejected[] = [];

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, leg) => leg);
    this.#next = this.#parents.slice();
    this.#sizes = new Int32Array(count).fill(1);
    this.#weakest = new Int32Array(count);
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
    return this.#next[leg] === leg;
  }

  /** All that are joined to it, itself included. */
  legsWith(leg: number): readonly number[] {
    const legs = [leg];
    for (let at = this.#next[leg] ?? leg; at !== leg; at = this.#next[at] ?? leg) legs.push(at);
    return legs;
  }

  /** Undefined for a leg that is alone. */
  evidenceOf(leg: number): JoinEvidence | undefined {
    return this.#evidences[this.#weakest[this.rootOf(leg)] ?? 0];
  }

  join(a: number, b: number, evidence: JoinEvidence): void {
    const [one, other] = [this.rootOf(a), this.rootOf(b)];
    if (one === other) return;
    const isLarger = (this.#sizes[one] ?? 0) >= (this.#sizes[other] ?? 0);
    const [root, joining] = isLarger ? [one, other] : [other, one];
    // Two rings become one when what follows is exchanged.
    const after = this.#next[root] ?? root;
    this.#next[root] = this.#next[joining] ?? joining;
    this.#next[joining] = after;
    this.#parents[joining] = root;
    this.#sizes[root] = (this.#sizes[root] ?? 0) + (this.#sizes[joining] ?? 0);
    const before = this.#weaker(this.#weakest[root] ?? 0, this.#weakest[joining] ?? 0);
    this.#weakest[root] = this.#weaker(this.#numberOf(evidence), before);
  }

  /** Of two numbers of evidence; 0 is none. */
  #weaker(one: number, other: number): number {
    const [a, b] = [this.#evidences[one], this.#evidences[other]];
    if (a === undefined || b === undefined) return one || other;
    return b.score < a.score ? other : one;
  }

  #numberOf(evidence: JoinEvidence): number {
    const known = this.#numbers.get(evidence);
    if (known !== undefined) return known;
    this.#numbers.set(evidence, this.#evidences.push(evidence) - 1);
    return this.#evidences.length - 1;
  }
}
