/** One step of MurmurHash3's 32-bit body. */
export function mixWord(hash: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  mixed ^= hash;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** MurmurHash3's finish: every bit of the result depends on every bit before. */
export function finishHash(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** A hash over five words: the key of a connection or of a fragmented packet. */
export function hashWords(a: number, b: number, c: number, d: number, e: number): number {
  return finishHash(mixWord(mixWord(mixWord(mixWord(mixWord(0, a), b), c), d), e));
}
