/** The grammar is in cluster/capture-point.ts; names are the user's own. */
export function isPoint(text: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._:@/-]*$/u.test(text);
}
