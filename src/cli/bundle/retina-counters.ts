/** What rules counted, from `iptables -vnx -L` of each table, in front of the rules that `iptables-save` prints without. */

/** By table. */
export type Listings = ReadonlyMap<string, readonly string[]>;

/** A chain whose listing has another number of rules was changed in between: it stays without. */
export function withCounters(rules: readonly string[], listings: Listings): readonly string[] {
  const counts = new Map<string, readonly string[]>(
    [...listings].flatMap(([table, lines]) =>
      [...countsByChain(lines)].map(([chain, all]) => [`${table} ${chain}`, all] as const),
    ),
  );
  const places = placesOf(rules);
  const lengths = new Map<string, number>();
  for (const { chain, place } of places.values()) lengths.set(chain, place + 1);
  return rules.map((line, at) => {
    const rule = places.get(at);
    const all = rule && counts.get(rule.chain);
    if (!rule || !all || all.length !== lengths.get(rule.chain)) return line;
    return `[${all[rule.place]}] ${line}`;
  });
}

interface Place {
  /** `nat PREROUTING`. */
  readonly chain: string;
  /** In its chain, from 0. */
  readonly place: number;
}

/** Of each line that is a rule. */
function placesOf(rules: readonly string[]): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>();
  const next = new Map<string, number>();
  let table = "";
  for (const [at, line] of rules.entries()) {
    if (line.startsWith("*")) table = line.slice(1).trim();
    const [, name] = /^-A (\S+)/.exec(line) ?? [];
    if (name === undefined) continue;
    const chain = `${table} ${name}`;
    const place = next.get(chain) ?? 0;
    places.set(at, { chain, place });
    next.set(chain, place + 1);
  }
  return places;
}

/** `packets:bytes` of every rule, by chain; `-x` prints them whole. */
function countsByChain(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const chains = new Map<string, string[]>();
  let chain: string[] | undefined;
  for (const line of lines) {
    const [, name] = /^Chain (\S+) \(/.exec(line) ?? [];
    if (name !== undefined) chains.set(name, (chain = []));
    const [, packets, bytes] = /^\s*(\d+)\s+(\d+)\s/.exec(line) ?? [];
    if (packets !== undefined && chain) chain.push(`${packets}:${bytes}`);
  }
  return chains;
}
