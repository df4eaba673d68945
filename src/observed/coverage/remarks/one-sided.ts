import { isHalfTranslated } from "../half-translated.js";
import { share, type RemarkDefinition } from "../remark.js";

export const oneSided: RemarkDefinition = {
  id: "one-sided",
  grade: "limits",
  examine({ connections: { oneSided: count, tcp }, place: { role } }) {
    if (count === 0 || isHalfTranslated(role)) return undefined;
    return {
      text: `${share(count, tcp)} TCP connections show one side alone, which acknowledges what the other sent: the other side goes another way, or a filter (\`dst host\`, \`src port\`) hides it`,
      remedy:
        "`host` and `port` instead of `src` and `dst` in the filter; else a capture where the other side comes by",
    };
  },
};
