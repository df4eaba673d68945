import { counted } from "#net/counted.js";
import type { RemarkDefinition } from "../remark.js";

export const unseenData: RemarkDefinition = {
  id: "unseen-data",
  grade: "limits",
  examine({ losses: { connections, unseen } }) {
    if (unseen === 0) return undefined;
    return {
      text: `data was acknowledged that this capture never showed, ${unseen === 1 ? "once" : `${unseen} times`} in ${counted(connections, "connection")}: it arrived, so the capture lost it`,
      remedy: "a larger buffer (-B, in KiB), a filter, -s 128, and no --immediate-mode",
    };
  },
};
