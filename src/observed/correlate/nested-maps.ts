/** Maps of maps, as two points' names lead to what they have in common. */
export function listIn<Value>(
  map: Map<string, Map<string, Value[]>>,
  a: string,
  b: string,
): Value[] {
  const byB = mapIn(map, a);
  const list = byB.get(b) ?? [];
  byB.set(b, list);
  return list;
}

export function mapIn<Value>(
  map: Map<string, Map<string, Value>>,
  key: string,
): Map<string, Value> {
  const inner = map.get(key) ?? new Map<string, Value>();
  map.set(key, inner);
  return inner;
}
