import type { Io } from "./io.js";

/** Less is read before anybody wonders. */
const FROM_BYTES = 100e6;
/** Shorter runs need none. */
const FIRST_AFTER_MS = 1000;
const EVERY_MS = 250;
const ERASE_LINE = "\r\u001b[K";

/** A line on stderr that says how far we are, on a terminal only. */
export class Progress {
  readonly #stream: Io["stderr"];
  readonly #totalBytes: number;
  readonly #now: () => number;
  #startedMs: number;
  #bytes = 0;
  #shownMs = Number.NEGATIVE_INFINITY;
  #visible = false;

  /** `totalBytes` is 0 when it is not known, as of a pipe. */
  constructor(io: Io, { totalBytes, now }: { totalBytes: number; now: () => number }) {
    this.#stream = io.stderr;
    this.#totalBytes = totalBytes;
    this.#now = now;
    this.#startedMs = now();
  }

  advance(bytes: number): void {
    this.#bytes += bytes;
    const now = this.#now();
    if (now - this.#startedMs < FIRST_AFTER_MS || now - this.#shownMs < EVERY_MS) return;
    this.#shownMs = now;
    this.#visible = true;
    this.#stream.write(`${ERASE_LINE}${this.#describe((now - this.#startedMs) / 1000)}`);
  }

  /** The same is read once more. */
  restart(): void {
    this.#bytes = 0;
    this.#startedMs = this.#now();
  }

  /** Takes the line away, so that what follows starts in an empty one. */
  clear(): void {
    if (this.#visible) this.#stream.write(ERASE_LINE);
    this.#visible = false;
  }

  #describe(seconds: number): string {
    const megabytes = this.#bytes / 1e6;
    const speed = `${(megabytes / seconds).toFixed(0)} MB/s`;
    if (this.#totalBytes === 0) return `${megabytes.toFixed(0)} MB, ${speed}`;
    // A file that is still being written ends behind its size of before.
    const percent = Math.min(100, Math.floor((this.#bytes / this.#totalBytes) * 100));
    const left = Math.max(0, (this.#totalBytes - this.#bytes) / (this.#bytes / seconds));
    return `${percent}% of ${(this.#totalBytes / 1e6).toFixed(0)} MB, ${speed}, ${duration(left)} left`;
  }
}

/** `8 s`, `2 min 5 s`. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * Undefined where the line would be noise: stderr is a file or a pipe, or cannot erase a line, or
 * little is read. `totalBytes` is 0 when it is not known: a pipe may bring any amount.
 */
export function progressFor(io: Io, totalBytes: number): Progress | undefined {
  const isSmall = totalBytes > 0 && totalBytes <= FROM_BYTES;
  const quiet = io.stderr.isTTY !== true || io.env["TERM"] === "dumb" || isSmall;
  return quiet ? undefined : new Progress(io, { totalBytes, now: () => performance.now() });
}
