/** The exact binomial test: no approximation that fails where few connections were captured. */

export interface Trial {
  readonly successes: number;
  readonly of: number;
  /** Of one success, from 0 to 1. */
  readonly probability: number;
}

/**
 * How probable an outcome is that is no likelier than the one seen, from 0 to 1: the two-sided
 * exact test by likelihood (as R's binom.test has it).
 */
export function binomialTest({ successes, of, probability }: Trial): number {
  if (probability <= 0) return successes === 0 ? 1 : 0;
  if (probability >= 1) return successes === of ? 1 : 0;
  const logs = logProbabilities(of, probability);
  const seen = logs[successes] ?? Number.NEGATIVE_INFINITY;
  const total = logs
    .filter((log) => log <= seen + ROUNDING)
    .reduce((sum, log) => sum + Math.exp(log), 0);
  return Math.min(1, total);
}

/** Two outcomes of one probability may differ in their last digits. */
const ROUNDING = 1e-7;

/** Of 0, 1, 2 … successes, each from the one before. */
function logProbabilities(of: number, probability: number): readonly number[] {
  const odds = Math.log(probability) - Math.log1p(-probability);
  const logs = [of * Math.log1p(-probability)];
  for (let successes = 1; successes <= of; successes++) {
    const before = logs[successes - 1] ?? 0;
    logs.push(before + Math.log((of - successes + 1) / successes) + odds);
  }
  return logs;
}
