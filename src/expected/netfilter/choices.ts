/**
 * Runs what depends on chance once for every way it can go. The run itself reads as if there were
 * only one: where the kernel draws, it asks `choose`.
 */

/** Ways that are followed; a Service with more endpoints has the rest told as one. */
const MAX_ALTERNATIVES = 256;

export interface Choices {
  /** An index into `probabilities`, which add up to 1. */
  choose(probabilities: readonly number[]): number;
}

export interface Alternative<Result> {
  readonly probability: number;
  readonly result: Result;
}

export interface Alternatives<Result> {
  readonly followed: readonly Alternative<Result>[];
  /** What the ways beyond the limit add up to. */
  readonly untold: number;
}

interface Choice {
  readonly probabilities: readonly number[];
  readonly taken: number;
}

/** `isEnough` is asked before each way: what is left then is not told. */
export function everyAlternative<Result>(
  run: (choices: Choices) => Result,
  isEnough: () => boolean = () => false,
): Alternatives<Result> {
  const followed: Alternative<Result>[] = [];
  let script: readonly Choice[] | undefined = [];
  while (script !== undefined && followed.length < MAX_ALTERNATIVES && !isEnough()) {
    const made: Choice[] = [];
    const planned: readonly Choice[] = script;
    const result = run({
      choose(probabilities) {
        const taken = planned[made.length]?.taken ?? nextPossible(probabilities, 0) ?? 0;
        made.push({ probabilities, taken });
        return taken;
      },
    });
    followed.push({ probability: probabilityOf(made), result });
    script = following(made);
  }
  const told = followed.reduce((sum, { probability }) => sum + probability, 0);
  return { followed, untold: script === undefined ? 0 : Math.max(0, 1 - told) };
}

/** The last choice that can still go another way does; those after it are made anew. */
function following(made: readonly Choice[]): Choice[] | undefined {
  for (let at = made.length - 1; at >= 0; at--) {
    const choice = made[at];
    const taken = choice && nextPossible(choice.probabilities, choice.taken + 1);
    if (choice && taken !== undefined) return [...made.slice(0, at), { ...choice, taken }];
  }
  return undefined;
}

function nextPossible(probabilities: readonly number[], from: number): number | undefined {
  const at = probabilities.findIndex((probability, index) => index >= from && probability > 0);
  return at < 0 ? undefined : at;
}

function probabilityOf(made: readonly Choice[]): number {
  return made.reduce(
    (product, { probabilities, taken }) => product * (probabilities[taken] ?? 0),
    1,
  );
}
