import { isHalfTranslated } from "../half-translated.js";
import { share, type RemarkDefinition } from "../remark.js";

export const oneWayHalves: RemarkDefinition = {
  id: "one-way-halves",
  grade: "note",
  examine({ connections: { oneSided, tcp }, place: { role } }) {
    if (oneSided === 0 || !isHalfTranslated(role)) return undefined;
    return {
      text: `${share(oneSided, tcp)} TCP connections show one side alone: a bridge with bridge-nf-call-iptables=1, and lo, lie between the translations of requests and replies and show them under different addresses. No side is lost`,
      remedy: undefined,
    };
  },
};
