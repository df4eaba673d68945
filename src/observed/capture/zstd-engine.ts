/** Who unpacks zstd: Node where it can, else the package fzstd. */

import * as zlib from "node:zlib";
import { Decompress } from "fzstd";
import { ZlibSteps, type ZlibTransform } from "./zlib-steps.js";

/** The window that `zstd -d` accepts without --long. */
const NATIVE_WINDOW_BYTES = 1 << 27;
/**
 * What RFC 8878 §3.1.1.1.2 asks of every decoder, and all levels but --ultra keep to. fzstd takes
 * the whole window as memory when a frame begins and moves it for each block.
 */
const FZSTD_WINDOW_BYTES = 1 << 23;

export interface ZstdEngine {
  push(
    bytes: Uint8Array,
    place: "within" | "last",
  ): Promise<{ readonly output: readonly Uint8Array[]; readonly error: Error | undefined }>;
  close(): void;
}

/** Node has zstd from 22.15 and 23.8 on, five times as fast as fzstd. The types are of Node 20. */
const createNative = (zlib as { createZstdDecompress?: () => ZlibTransform }).createZstdDecompress;

/** The largest window that may be asked of an engine, in bytes. */
export const ZSTD_WINDOW_BYTES =
  createNative === undefined ? FZSTD_WINDOW_BYTES : NATIVE_WINDOW_BYTES;

/**
 * Work allowed before output has to justify it, and per byte of output, in bytes of window: a
 * megabyte of tiny blocks would keep fzstd busy for minutes. Full blocks of 128 KiB under its
 * largest window need 64. Node does not move its window.
 */
export const ZSTD_FREE_WORK_BYTES = createNative === undefined ? 2 ** 35 : Number.POSITIVE_INFINITY;
export const WORK_PER_OUTPUT_BYTE = 256;

/** An engine for one frame. */
export function newZstdEngine(): ZstdEngine {
  return createNative === undefined ? new FzstdEngine() : new NativeEngine(createNative());
}

class NativeEngine implements ZstdEngine {
  readonly #steps: ZlibSteps;

  constructor(transform: ZlibTransform) {
    this.#steps = new ZlibSteps(transform);
  }

  async push(bytes: Uint8Array): ReturnType<ZstdEngine["push"]> {
    return bytes.length === 0 ? { output: [], error: undefined } : this.#steps.step(bytes);
  }

  close(): void {
    this.#steps.close();
  }
}

class FzstdEngine implements ZstdEngine {
  #output: Uint8Array[] = [];
  readonly #decompress = new Decompress((piece) => {
    if (piece.length > 0) this.#output.push(piece);
  });

  async push(bytes: Uint8Array, place: "within" | "last"): ReturnType<ZstdEngine["push"]> {
    let error: Error | undefined;
    try {
      this.#decompress.push(bytes, place === "last");
    } catch (thrown) {
      // Damaged data makes it throw its own errors and those of arrays it reads beyond.
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    const output = this.#output;
    this.#output = [];
    return { output, error };
  }

  close(): void {}
}
