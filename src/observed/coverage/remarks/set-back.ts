import { describeSetBack } from "../set-back.js";
import type { RemarkDefinition } from "../remark.js";

export const setBack: RemarkDefinition = {
  id: "set-back",
  grade: "limits",
  examine({ captures }) {
    const farthest = Math.max(0, ...captures.map(({ farthestBackNs }) => farthestBackNs));
    const step = describeSetBack(farthest);
    if (step === undefined) return undefined;
    return {
      text: `${step}: the host's clock was set, or a record is damaged. Nothing shows what it saw at the time of another capture, and what is missing here proves nothing`,
      remedy: "a new capture while the clock is kept (chronyc tracking, timedatectl)",
    };
  },
};
