import type { RemarkDefinition } from "../remark.js";

export const recordedNothing: RemarkDefinition = {
  id: "recorded-nothing",
  grade: "limits",
  examine({ records }) {
    if (records > 0) return undefined;
    return {
      text: "holds no packet, so nothing shows that it ran while others did: it proves nothing",
      remedy:
        "let one packet pass that must be seen, a ping for example, before and after the test",
    };
  },
};
