import { UNBOUNDED, type Layout } from "#report/table.js";
import type { OutputPlace } from "./output-place.js";

/** What is written to a file is neither wrapped nor coloured, whatever standard output is. */
export function layoutAt({ kind }: OutputPlace, ofStdout: Layout): Layout {
  return kind === "stdout" ? ofStdout : UNBOUNDED;
}
