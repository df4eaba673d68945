import { share, type RemarkDefinition } from "../remark.js";

export const noIpId: RemarkDefinition = {
  id: "no-ip-id",
  grade: "note",
  examine({ packets }) {
    if (packets === undefined || packets.withoutId === 0) return undefined;
    return {
      text: `${share(packets.withoutId, packets.tcp)} TCP packets have IP identification 0, as Linux sends SYN-ACK and RST: neither forged nor duplicates`,
      remedy: undefined,
    };
  },
};
