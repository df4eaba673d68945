import { counted } from "#net/counted.js";
import type { RemarkDefinition } from "../remark.js";

export const copies: RemarkDefinition = {
  id: "copies",
  grade: "note",
  examine({ connections }) {
    if (connections.copies === 0) return undefined;
    return {
      text: `${counted(connections.copies, "packet")} came by more than once, at several interfaces or flooded by a bridge: Wireshark calls such copies TCP retransmissions, they are none`,
      remedy: undefined,
    };
  },
};
