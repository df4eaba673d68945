import { share, type RemarkDefinition } from "../remark.js";

export const midStream: RemarkDefinition = {
  id: "mid-stream",
  grade: "unknown",
  examine({ connections: { midStream: count, tcp } }) {
    if (count === 0) return undefined;
    return {
      text: `who dialled: ${share(count, tcp)} TCP connections show no handshake, as those that were open before the capture began`,
      remedy:
        "begin to capture before the connections are made; conntrack -L on the node has who dialled what",
    };
  },
};
