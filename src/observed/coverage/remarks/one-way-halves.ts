import { share, type RemarkDefinition } from "../remark.js";

export const oneWayHalves: RemarkDefinition = {
  id: "one-way-halves",
  grade: "note",
  examine({ connections: { oneSided, tcp }, place: { role } }) {
    if (oneSided === 0 || (role !== "bridge" && role !== "any")) return undefined;
    return {
      text: `${share(oneSided, tcp)} TCP connections show one side alone: with bridge-nf-call-iptables=1 a bridge shows requests and replies of one connection under different addresses. No side is lost`,
      remedy: undefined,
    };
  },
};
