import { counted } from "#net/counted.js";
import type { RemarkDefinition } from "../remark.js";

export const oneDirection: RemarkDefinition = {
  id: "one-direction",
  grade: "limits",
  examine({ connections: { inbound, outbound, unknownWay } }) {
    if (unknownWay > 0 || inbound + outbound === 0 || (inbound > 0 && outbound > 0))
      return undefined;
    const [way, other] = inbound > 0 ? ["in", "out"] : ["out", "in"];
    return {
      text: `all ${counted(inbound + outbound, "packet")} went ${way}: what goes ${other} was not recorded, as with \`-Q ${way}\`, and its absence proves nothing`,
      remedy: "leave -Q away, or give it inout",
    };
  },
};
