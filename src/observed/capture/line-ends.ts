import { TEXT_SCAN_BYTES } from "./limits.js";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Fewer could be chance. Addresses in 10.0.0.0/8 alone bring several line feeds to each packet. */
const MIN_LINE_FEEDS = 3;

/**
 * Recognises a capture that went through a terminal (`kubectl exec -t`, `docker run -t`), where each
 * line feed gets a carriage return in front. It only explains a file that is broken: text protocols
 * put carriage returns before line feeds too.
 */
export class LineEndWatch {
  #seenBytes = 0;
  #previous = 0;
  #lineFeeds = 0;
  #bare = 0;

  /** Looks at the next bytes of the file, as long as they are among its first. */
  look(bytes: Uint8Array, start: number, end: number): void {
    const last = Math.min(end, start + TEXT_SCAN_BYTES - this.#seenBytes);
    for (let at = start; at < last; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === LINE_FEED) {
        this.#lineFeeds++;
        if (this.#previous !== CARRIAGE_RETURN) this.#bare++;
      }
      this.#previous = byte;
    }
    this.#seenBytes += Math.max(0, last - start);
  }

  /** What it saw, when that explains a broken file. */
  get explanation(): string | undefined {
    if (this.#bare > 0 || this.#lineFeeds < MIN_LINE_FEEDS) return undefined;
    return (
      `each of the first ${this.#lineFeeds} line feed bytes has a carriage return in front: a ` +
      "terminal rewrote the file; capture again with `kubectl exec` or `docker run` without -t"
    );
  }
}
