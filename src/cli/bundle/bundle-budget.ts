import { formatLimit, type BundleLimits } from "./limits.js";
import { LimitReached } from "./limit-reached.js";

const UNPACK = "unpack what you need of it with tar, and give the directory";

/** What one bundle has used up of its limits, archives inside archives included. */
export class BundleBudget {
  readonly limits: BundleLimits;
  #entries = 0;
  #held = 0;
  #written = 0;
  #unpacked = 0;

  constructor(limits: BundleLimits) {
    this.limits = limits;
  }

  count(): void {
    this.#entries++;
    if (this.#entries <= this.limits.entries) return;
    throw new LimitReached(
      `more than ${this.limits.entries} entries\n    try       a directory with what is needed of it`,
    );
  }

  unpack(bytes: number): void {
    this.#unpacked += bytes;
    this.#refuse({
      used: this.#unpacked,
      limit: this.limits.unpackedBytes,
      what: "it unpacks to more than",
    });
  }

  /** To the temporary folder. */
  write(bytes: number): void {
    this.#written += bytes;
    this.#refuse({
      used: this.#written,
      limit: this.limits.writtenBytes,
      what: "its captures unpack to more than",
    });
  }

  /** In memory. */
  hold(bytes: number): void {
    this.#held += bytes;
    this.#refuse({
      used: this.#held,
      limit: this.limits.allTextBytes,
      what: "its texts are more than",
    });
  }

  #refuse({ used, limit, what }: { used: number; limit: number; what: string }): void {
    if (used <= limit) return;
    throw new LimitReached(`${what} ${formatLimit(limit)}\n    try       ${UNPACK}`);
  }
}
