/** Takes bytes from chunks by number, for formats whose headers end in the middle of one. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;
  /** Bytes taken so far. */
  offset = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes, without taking them: `count`, or fewer when the chunks end before. */
  async peek(count: number): Promise<Uint8Array> {
    const parts = [this.#rest];
    let length = this.#rest.length;
    while (length < count && !this.#ended) {
      const next = (await this.#next()) ?? new Uint8Array(0);
      parts.push(next);
      length += next.length;
    }
    if (parts.length > 1) this.#rest = joined(parts, length);
    return this.#rest.subarray(0, count);
  }

  /** Takes `count` bytes; undefined when there are fewer. */
  async take(count: number): Promise<Uint8Array | undefined> {
    const bytes = await this.peek(count);
    if (bytes.length < count) return undefined;
    this.advance(count);
    return bytes;
  }

  /** What is left of the present chunk, or the next one, at most `limit` bytes; empty at the end. */
  async some(limit: number): Promise<Uint8Array> {
    while (this.#rest.length === 0 && !this.#ended) this.#rest = (await this.#next()) ?? this.#rest;
    return this.#rest.subarray(0, limit);
  }

  /** Takes bytes that `peek` or `some` showed. */
  advance(count: number): void {
    this.#rest = this.#rest.subarray(count);
    this.offset += count;
  }

  /** All that has not been taken. Leaving the loop early closes the source. */
  async *remaining(): AsyncGenerator<Uint8Array, undefined> {
    try {
      for (;;) {
        const chunk = await this.some(Number.POSITIVE_INFINITY);
        if (chunk.length === 0) return;
        this.advance(chunk.length);
        yield chunk;
      }
    } finally {
      await this.close();
    }
  }

  /** Tells the source that no more is wanted. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#chunks.return?.();
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#chunks.next();
    if (done !== true) return value;
    this.#ended = true;
    return undefined;
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
