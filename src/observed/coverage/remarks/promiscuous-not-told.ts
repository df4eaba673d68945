import type { RemarkDefinition } from "../remark.js";

export const promiscuousNotTold: RemarkDefinition = {
  id: "promiscuous-not-told",
  grade: "unknown",
  examine({ place: { role }, records }) {
    if (role !== "bridge" || records === 0) return undefined;
    return {
      text: "whether the bridge was promiscuous: with `-p` it shows no frame that goes from one of its ports to another, without `-p` tcpdump itself makes the copies",
      remedy: "look at how it was called; a capture on the pod's veth shows them either way",
    };
  },
};
