import type { RemarkDefinition } from "../remark.js";

export const dropsNotTold: RemarkDefinition = {
  id: "drops-not-told",
  grade: "unknown",
  examine({ losses: { dropped }, records }) {
    if (dropped !== undefined || records === 0) return undefined;
    return {
      text: "whether the kernel dropped packets: the file says nothing of it, as no classic pcap does",
      remedy: "look at tcpdump's closing lines: `0 packets dropped by kernel`",
    };
  },
};
