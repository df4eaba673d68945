import { describe, expect, test } from "vitest";
import { assign, OPTIMAL_UP_TO, type Edge } from "#observed/correlate/assignment.js";

const sum = (edges: readonly Edge[]): number => edges.reduce((all, { score }) => all + score, 0);

/** Every way of pairing off, tried. */
function bestSum(edges: readonly Edge[]): number {
  const [first, ...others] = edges;
  if (first === undefined) return 0;
  const without = others.filter(({ a, b }) => a !== first.a && b !== first.b);
  return Math.max(first.score + bestSum(without), bestSum(others));
}

/** Numbers below 1, the same in every run (Park and Miller). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function randomEdges(size: number, random: () => number): Edge[] {
  const edges: Edge[] = [];
  for (let a = 0; a < size; a++) {
    for (let b = 100; b < 100 + size; b++) {
      if (random() < 0.6) edges.push({ a, b, score: 0.1 + random() });
    }
  }
  return edges;
}

describe("pairs off", () => {
  test("the best sum, not the best pair first", () => {
    const edges = [
      { a: 1, b: 3, score: 0.9 },
      { a: 1, b: 4, score: 0.8 },
      { a: 2, b: 3, score: 0.8 },
    ];
    expect(assign(edges)).toEqual(expect.arrayContaining([edges[1], edges[2]]));
  });

  test.each(Array.from({ length: 30 }, (_, seed) => seed + 1))(
    "the best sum there is, seed %i",
    (seed) => {
      const random = randomFrom(seed);
      const edges = randomEdges(1 + Math.floor(random() * 4), random);
      const chosen = assign(edges);
      expect(sum(chosen)).toBeCloseTo(bestSum(edges), 9);
      expect(new Set(chosen.map(({ a }) => a)).size).toBe(chosen.length);
      expect(new Set(chosen.map(({ b }) => b)).size).toBe(chosen.length);
    },
  );

  test("of very many, each once, and at least half of the best sum", () => {
    const size = OPTIMAL_UP_TO + 10;
    const edges = Array.from({ length: size }, (_, a) => [
      { a, b: 1000 + a, score: 0.6 },
      { a, b: 1000 + ((a + 1) % size), score: a % 2 === 0 ? 0.7 : 0.1 },
    ]).flat();
    const chosen = assign(edges);
    expect(sum(chosen)).toBeGreaterThanOrEqual((size * 0.6) / 2);
    expect(new Set(chosen.map(({ b }) => b)).size).toBe(chosen.length);
  });

  test("of nothing nothing", () => {
    expect(assign([])).toEqual([]);
  });
});
