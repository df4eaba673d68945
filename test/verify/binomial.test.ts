/** Probabilities against scipy.stats.binomtest(successes, of, probability) and counting by hand. */
import { expect, test } from "vitest";
import { binomialTest } from "#verify/replay/binomial.js";

// prettier-ignore
test.each([
  // All sequences of so few throws can be counted: 2 of 8 are no likelier than three heads.
  { successes: 3,   of: 3,    probability: 0.5,    chance: 0.25 },
  { successes: 2,   of: 2,    probability: 0.5,    chance: 0.5 },
  { successes: 1,   of: 2,    probability: 0.5,    chance: 1 },
  { successes: 0,   of: 0,    probability: 0.5,    chance: 1 },
  { successes: 0,   of: 10,   probability: 0.5,    chance: 2 / 1024 },
  { successes: 10,  of: 10,   probability: 0.5,    chance: 2 / 1024 },
  { successes: 1,   of: 10,   probability: 0.5,    chance: 22 / 1024 },
  { successes: 5,   of: 10,   probability: 0.5,    chance: 1 },
  // One sixth: 5 of 5 is (1/6)^5, and nothing else is as improbable.
  { successes: 5,   of: 5,    probability: 1 / 6,  chance: 1 / 7776 },
  // None of 5 at one third, 32/243: likelier than 4 and 5 of 5 (11/243), which count too.
  { successes: 0,   of: 5,    probability: 1 / 3,  chance: (32 + 10 + 1) / 243 },
  { successes: 60,  of: 60,   probability: 0.5,    chance: 2 ** -59 },
  // An endpoint that cannot be chosen, and one that always is.
  { successes: 0,   of: 9,    probability: 0,      chance: 1 },
  { successes: 1,   of: 9,    probability: 0,      chance: 0 },
  { successes: 9,   of: 9,    probability: 1,      chance: 1 },
  { successes: 8,   of: 9,    probability: 1,      chance: 0 },
])("$successes of $of at $probability: $chance", ({ chance, ...trial }) => {
  expect(binomialTest(trial)).toBeCloseTo(chance, 12);
});

// prettier-ignore
test.each([
  { successes: 80,  of: 200,  probability: 0.5,    chance: 0.005685155996750 },
  { successes: 115, of: 200,  probability: 0.5,    chance: 0.040037191613400 },
  { successes: 70,  of: 200,  probability: 1 / 3,  chance: 0.652749968975385 },
  { successes: 3,   of: 1000, probability: 0.01,   chance: 0.023905236502023 },
])("$successes of $of at $probability, as scipy has it: $chance", ({ chance, ...trial }) => {
  expect(binomialTest(trial)).toBeCloseTo(chance, 10);
});

test("is the same from both sides, and a probability however many are thrown", () => {
  for (const of of [1, 7, 200, 20_000]) {
    for (const successes of [0, Math.floor(of / 3), of]) {
      const chance = binomialTest({ successes, of, probability: 0.3 });
      const mirrored = binomialTest({ successes: of - successes, of, probability: 0.7 });
      expect(chance).toBeGreaterThanOrEqual(0);
      expect(chance).toBeLessThanOrEqual(1);
      expect(mirrored).toBeCloseTo(chance, 9);
    }
  }
});

test("of everything that can be seen, so improbable a split is seen no oftener than it says", () => {
  const of = 40;
  const probability = 0.25;
  const outcomes = Array.from({ length: of + 1 }, (_, successes) => ({
    chance: binomialTest({ successes, of, probability }),
    weight: weightOf({ successes, of, probability }),
  }));
  for (const limit of [0.5, 0.05, 0.001, 1e-6]) {
    const seen = outcomes.filter(({ chance }) => chance <= limit);
    expect(seen.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(limit + 1e-12);
  }
});

/** Of exactly so many, multiplied out factor by factor. */
function weightOf(trial: Parameters<typeof binomialTest>[0]): number {
  let weight = (1 - trial.probability) ** trial.of;
  for (let at = 1; at <= trial.successes; at++) {
    weight *= ((trial.of - at + 1) / at) * (trial.probability / (1 - trial.probability));
  }
  return weight;
}
