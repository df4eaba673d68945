import { Buffer } from "node:buffer";
import { sanitizeJson } from "./sanitize.js";

const FIRST_BYTES = 1 << 14;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;
const DIGIT_0 = 0x30;

/** Bytes that cost as much, one by one, as a call of `set`. */
const LONG = 32;

const BILLION = 1_000_000_000;

/**
 * JSON text on its way out, as bytes of UTF-8: text put together from a hundred short strings for each
 * connection costs twice as much.
 */
export class JsonText {
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  /** The same bytes: an index into a plain array of bytes is what V8 is fastest at. */
  #bytes = new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset, FIRST_BYTES);
  #length = 0;
  #isAscii = true;

  /** What was added since the last time. */
  take(): string {
    const text = this.#buffer.toString(this.#isAscii ? "latin1" : "utf8", 0, this.#length);
    this.#length = 0;
    this.#isAscii = true;
    return text;
  }

  /** Bytes of UTF-8; beyond ASCII only from `#addText`. */
  addBytes(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    const target = this.#bytes;
    let at = this.#length;
    if (bytes.length > LONG) target.set(bytes, at);
    else for (let from = 0; from < bytes.length; from++) target[at++] = bytes[from] ?? 0;
    this.#length += bytes.length;
  }

  /** A finite number. */
  addNumber(value: number): void {
    const billions = Math.floor(value / BILLION);
    if (!Number.isSafeInteger(value) || value < 0) this.#addText(`${value}`);
    else if (billions === 0) this.#addDigits(value, digitsOf(value));
    else {
      this.addNumber(billions);
      this.#addDigits(value - billions * BILLION, 9);
    }
  }

  /** Any text, with quotes around it and escaped where it must be. */
  addString(text: string): void {
    this.#makeRoom(text.length + 2);
    const target = this.#bytes;
    let at = this.#length;
    target[at++] = QUOTE;
    for (let from = 0; from < text.length; from++) {
      const code = text.charCodeAt(from);
      if (code < FIRST_PRINTABLE || code > LAST_PRINTABLE || code === QUOTE || code === BACKSLASH) {
        this.#addText(sanitizeJson(JSON.stringify(text)));
        return;
      }
      target[at++] = code;
    }
    target[at++] = QUOTE;
    this.#length = at;
  }

  /** The last `count` digits of a number below 10^9. */
  #addDigits(value: number, count: number): void {
    this.#makeRoom(count);
    const target = this.#bytes;
    let rest = value | 0;
    for (let at = this.#length + count - 1; at >= this.#length; at--) {
      const tenth = (rest / 10) | 0;
      target[at] = DIGIT_0 + rest - tenth * 10;
      rest = tenth;
    }
    this.#length += count;
  }

  #addText(text: string): void {
    const bytes = Buffer.from(text);
    this.#isAscii &&= bytes.length === text.length;
    this.addBytes(bytes);
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(2 * needed);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#buffer = grown;
    this.#bytes = new Uint8Array(grown.buffer, grown.byteOffset, grown.length);
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits++;
  return digits;
}
