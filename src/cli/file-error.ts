import { messageOf } from "./exit.js";

/** `no such file or directory`, from `ENOENT: no such file or directory, open 'x'`. */
export function describeFileError(error: unknown): string {
  return /^[A-Z0-9]+: (.+?)(?:, \w+.*)?$/.exec(messageOf(error))?.[1] ?? messageOf(error);
}
