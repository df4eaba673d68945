import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../captures/", import.meta.url));

export interface RecordedCapture {
  /** Inside `captures/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Every recorded capture with one of these extensions; `lab/` holds the scripts that made them. */
export function recordedCaptures(...extensions: readonly string[]): readonly RecordedCapture[] {
  return readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith("lab/"))
    .filter((path) => extensions.some((extension) => path.endsWith(extension)))
    .sort()
    .map((path) => ({ path, bytes: readFileSync(FOLDER + path) }));
}
