/** Pairs off two sides, each at most once, so that the scores of the pairs add up to the most. */
export interface Edge {
  readonly a: number;
  readonly b: number;
  /** Over 0. */
  readonly score: number;
}

/**
 * Sides up to this long are paired off for the best sum; longer ones take the best pair that is left,
 * which adds up to at least half of it.
 */
export const OPTIMAL_UP_TO = 64;

export function assign(edges: readonly Edge[]): readonly Edge[] {
  const lefts = [...new Set(edges.map(({ a }) => a))].sort((a, b) => a - b);
  const rights = [...new Set(edges.map(({ b }) => b))].sort((a, b) => a - b);
  if (lefts.length === 0) return [];
  const isSmall = Math.max(lefts.length, rights.length) <= OPTIMAL_UP_TO;
  return isSmall ? optimal(edges, { lefts, rights }) : greedy(edges);
}

function greedy(edges: readonly Edge[]): readonly Edge[] {
  const taken = { a: new Set<number>(), b: new Set<number>() };
  return edges
    .toSorted((x, y) => y.score - x.score || x.a - y.a || x.b - y.b)
    .filter(({ a, b }) => {
      if (taken.a.has(a) || taken.b.has(b)) return false;
      taken.a.add(a);
      taken.b.add(b);
      return true;
    });
}

interface Sides {
  readonly lefts: readonly number[];
  readonly rights: readonly number[];
}

/** The Hungarian method with potentials, in O(n³); what has no edge costs as much as staying alone. */
function optimal(edges: readonly Edge[], { lefts, rights }: Sides): readonly Edge[] {
  const size = Math.max(lefts.length, rights.length);
  const byPair = new Map(edges.map((edge) => [`${edge.a} ${edge.b}`, edge]));
  const edgeAt = (row: number, column: number): Edge | undefined =>
    byPair.get(`${lefts[row]} ${rights[column]}`);
  const rowOf = hungarian(size, (row, column) => -(edgeAt(row, column)?.score ?? 0));
  return rowOf.flatMap((row, column) => edgeAt(row, column) ?? []);
}

/** By column the row that it is paired with, at the lowest sum of costs. */
function hungarian(size: number, costOf: (row: number, column: number) => number): number[] {
  // Row and column 0 stand for "not yet".
  const rowPotential = new Float64Array(size + 1);
  const columnPotential = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    const way = new Int32Array(size + 1);
    const lowest = new Float64Array(size + 1).fill(Infinity);
    const isDone = new Uint8Array(size + 1);
    rowOf[0] = row;
    let column = 0;
    do {
      isDone[column] = 1;
      const at = rowOf[column] ?? 0;
      let step = Infinity;
      let next = 0;
      for (let other = 1; other <= size; other++) {
        if (isDone[other] === 1) continue;
        const reduced =
          costOf(at - 1, other - 1) - (rowPotential[at] ?? 0) - (columnPotential[other] ?? 0);
        if (reduced < (lowest[other] ?? 0)) {
          lowest[other] = reduced;
          way[other] = column;
        }
        if ((lowest[other] ?? 0) < step) {
          step = lowest[other] ?? 0;
          next = other;
        }
      }
      for (let other = 0; other <= size; other++) {
        if (isDone[other] === 1) {
          const paired = rowOf[other] ?? 0;
          rowPotential[paired] = (rowPotential[paired] ?? 0) + step;
          columnPotential[other] = (columnPotential[other] ?? 0) - step;
        } else {
          lowest[other] = (lowest[other] ?? 0) - step;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      const before = way[column] ?? 0;
      rowOf[column] = rowOf[before] ?? 0;
      column = before;
    }
  }
  return Array.from({ length: size }, (_, column) => (rowOf[column + 1] ?? 0) - 1);
}
