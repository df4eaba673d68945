import { share, type RemarkDefinition } from "../remark.js";

export const superPackets: RemarkDefinition = {
  id: "super-packets",
  grade: "note",
  examine({ packets }) {
    if (packets === undefined || packets.superPackets === 0) return undefined;
    return {
      text: `${share(packets.superPackets, packets.tcp)} TCP packets are longer than 1500 bytes, the longest ${packets.longest}: segmentation and receive offload (GSO, GRO) join segments before tcpdump sees them. That is no MTU fault, and the wire has more and shorter packets`,
      remedy: undefined,
    };
  },
};
