import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "../exit.js";
import { describeFileError } from "../file-error.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A folder of our own for what archives hold, for this user's eyes (mkdtemp makes it 0700), with names
 * that we give. It is made when it is needed, and gone when the run ends, however it does.
 */
export class TemporaryFolder {
  #path: string | undefined;
  #files = 0;

  /** A path of that folder that no file has yet. */
  next(): string {
    this.#path ??= this.#make();
    return join(this.#path, String(this.#files++));
  }

  remove(): void {
    if (this.#path === undefined) return;
    rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
    process.off("exit", this.#removeAtExit);
    for (const signal of SIGNALS) process.off(signal, this.#removeAtSignal);
  }

  #make(): string {
    process.on("exit", this.#removeAtExit);
    for (const signal of SIGNALS) process.on(signal, this.#removeAtSignal);
    try {
      return mkdtempSync(join(tmpdir(), "pcapcheck-"));
    } catch (error) {
      throw new CannotCheck(
        `${sanitize(tmpdir())}: ${describeFileError(error)}: no room for what the archive holds\n` +
          "    try       TMPDIR=DIR with a folder that can be written, or unpack it and give the directory",
      );
    }
  }

  readonly #removeAtExit = (): void => this.remove();

  /** And then ends as without us: a shell sees by which signal. */
  readonly #removeAtSignal = (signal: NodeJS.Signals): void => {
    this.remove();
    process.kill(process.pid, signal);
  };
}
