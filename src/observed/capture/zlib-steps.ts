/** A transform of `node:zlib`, seen as steps: input in, output and the input used back. */
export interface ZlibTransform {
  readonly bytesWritten: number;
  write(chunk: Uint8Array, done: (error?: Error | null) => void): boolean;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  destroy(): unknown;
}

export interface ZlibStep {
  readonly output: readonly Uint8Array[];
  /** Bytes of the input that it used; fewer than given when the data ended inside. */
  readonly usedBytes: number;
  readonly ended: boolean;
  readonly error: Error | undefined;
}

/**
 * Runs a zlib transform step by step. Through `pipe` or `for await` an error discards the output
 * that was ready before it, and nobody learns where the data ended and something else began.
 */
export class ZlibSteps {
  readonly #transform: ZlibTransform;
  #output: Uint8Array[] = [];
  #ended = false;
  #error: Error | undefined = undefined;
  /** Ends a step that an error or the end of the data leaves without its callback. */
  #settle: () => void = () => {};

  constructor(transform: ZlibTransform) {
    this.#transform = transform;
    transform.on("data", (chunk) => this.#output.push(chunk));
    transform.on("error", (error) => {
      this.#error = error;
      this.#settle();
    });
    transform.on("end", () => {
      this.#ended = true;
      this.#settle();
    });
  }

  async step(input: Uint8Array): Promise<ZlibStep> {
    const before = this.#transform.bytesWritten;
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      this.#transform.write(input, () => resolve());
    });
    // "end" follows the callback of the write that reached it.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const output = this.#output;
    this.#output = [];
    const usedBytes = this.#transform.bytesWritten - before;
    return { output, usedBytes, ended: this.#ended, error: this.#error };
  }

  close(): void {
    this.#transform.destroy();
  }
}
