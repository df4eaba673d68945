/** A report of an earlier run, by how each format begins: it is no input, and may be written over. */

const BEGINNINGS = [
  /^(PASS|FAIL|INCONCLUSIVE) {2}/,
  /^\{\s*"schema": ?"pcapcheck\.(report|flows|doctor|prediction)/,
  /^TAP version 14\n1\.\.\d+\n# \S+: /,
  /^<\?xml [^>]*\?>\s*<testsuites name="pcapcheck/,
  /^<!doctype html>[^]*pcapcheck/i,
  /^# pcapcheck: /,
  // pcapng: its first block, and that block's first option, which is a comment.
  /^\n\r\r\n[^]{24}pcapcheck (pass|fail|inconclusive),/,
] as const;

/** `head` is its first bytes; a few hundred tell. */
export function isOwnReport(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
  return BEGINNINGS.some((beginning) => beginning.test(text));
}
