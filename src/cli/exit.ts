/** What the shell sees. Documented in the README; scripts depend on it. */
export const EXIT = {
  /** Everything that was asked for was read, and did what it should. */
  agreed: 0,
  /** At least one check failed. */
  found: 1,
  /** We could not check: bad usage, unreadable capture, nothing decoded. */
  couldNotCheck: 2,
  /** Checked, and the evidence does not decide; each check says what would. */
  inconclusive: 3,
} as const;

/** Something a user can put right: its message is shown without a stack, and the exit code is 2. */
export class CannotCheck extends Error {
  override readonly name = "CannotCheck";
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
