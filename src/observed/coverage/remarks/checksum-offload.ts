import { share, type RemarkDefinition } from "../remark.js";

export const checksumOffload: RemarkDefinition = {
  id: "checksum-offload",
  grade: "note",
  examine({ packets }) {
    if (packets === undefined) return undefined;
    const { valid, partial, none, wrong } = packets.checksums;
    const known = valid + partial + none + wrong;
    if (partial + wrong === 0) return undefined;
    const outer = packets.wrongOuter > 0 ? `, ${packets.wrongOuter} of them around a tunnel` : "";
    const bad = wrong === 0 ? "" : `; ${share(wrong, known)} verify as wrong${outer}`;
    return {
      text: `checksums are unfinished in ${share(partial, known)} TCP and UDP packets, which the sender left to its device (offload)${bad}. Wireshark calls them incorrect: in captures on a node or in a pod that is no fault`,
      remedy: undefined,
    };
  },
};
