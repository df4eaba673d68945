import type { RemarkDefinition } from "../remark.js";

export const coarseTimes: RemarkDefinition = {
  id: "coarse-times",
  grade: "note",
  examine({ connections: { all, isCoarse }, records }) {
    if (!isCoarse || all === 0 || records === 0) return undefined;
    return {
      text: "times are in microseconds: hops inside a node are often closer together, so their order is not in the times",
      remedy: "--time-stamp-precision=nano",
    };
  },
};
