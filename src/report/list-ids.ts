const MAX_IDS = 4;

/** `c1 c2 c3 c4 and 12 more`. */
export function listIds(ids: readonly string[]): string {
  const named = ids.slice(0, MAX_IDS).join(" ");
  return ids.length > MAX_IDS ? `${named} and ${ids.length - MAX_IDS} more` : named;
}
