import { closeSync, openSync, readSync } from "node:fs";
import { HEAD_BYTES } from "./bundle-entry.js";

/** A file's first bytes, as they are stored. */
export function readHead(path: string): Uint8Array {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}
