import { counted } from "#net/counted.js";
import type { RemarkDefinition } from "../remark.js";

export const notFollowed: RemarkDefinition = {
  id: "not-followed",
  grade: "limits",
  examine({ statistics: { overflow, fragmentsWithoutFirst } }) {
    const lost = overflow + fragmentsWithoutFirst;
    if (lost === 0) return undefined;
    const parts = [
      ...(overflow > 0 ? [`${counted(overflow, "packet")} beyond the limit of connections`] : []),
      ...(fragmentsWithoutFirst > 0
        ? [
            `${counted(fragmentsWithoutFirst, "IP fragment")} whose first, which has the ports, is not there`,
          ]
        : []),
    ];
    return { text: `in no connection: ${parts.join("; ")}`, remedy: FRAGMENTS };
  },
};

const FRAGMENTS =
  "a filter by port loses later fragments: filter by host, or add `or ip[6:2] & 0x1fff != 0`";
