import { counted } from "#net/counted.js";
import type { RemarkDefinition } from "../remark.js";

export const kernelDropped: RemarkDefinition = {
  id: "kernel-dropped",
  grade: "limits",
  examine({ losses: { dropped } }) {
    if (dropped === undefined || dropped === 0) return undefined;
    return {
      text: `the kernel dropped ${counted(dropped, "packet")} because its buffer was full: no packet that is missing here is proven to be missing on the wire`,
      remedy: "a larger buffer (-B, in KiB), a filter, -s 128, and no --immediate-mode",
    };
  },
};
