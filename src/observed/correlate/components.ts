/** Splits pairs of two sides where they have no end in common: what is in one part decides nothing about another. */
export function components<Pair extends { readonly a: number; readonly b: number }>(
  pairs: readonly Pair[],
): readonly (readonly Pair[])[] {
  const byEnd = new Map<string, Pair[]>();
  for (const pair of pairs) {
    for (const end of endsOf(pair)) {
      const list = byEnd.get(end);
      if (list) list.push(pair);
      else byEnd.set(end, [pair]);
    }
  }
  const seen = new Set<Pair>();
  return pairs.flatMap((start) => {
    if (seen.has(start)) return [];
    seen.add(start);
    const component = [start];
    for (const pair of component) {
      for (const end of endsOf(pair)) {
        for (const next of byEnd.get(end) ?? []) {
          if (!seen.has(next)) component.push(next);
          seen.add(next);
        }
        // Each end's pairs are taken once.
        byEnd.delete(end);
      }
    }
    return [component];
  });
}

const endsOf = ({ a, b }: { readonly a: number; readonly b: number }): readonly string[] => [
  `a ${a}`,
  `b ${b}`,
];
