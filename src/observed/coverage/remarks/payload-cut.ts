import { share, type RemarkDefinition } from "../remark.js";
import { snaplenOf } from "../snaplen.js";

export const payloadCut: RemarkDefinition = {
  id: "payload-cut",
  grade: "note",
  examine(point) {
    const cut = point.captures.reduce((total, { snappedRecords }) => total + snappedRecords, 0);
    if (cut === 0) return undefined;
    return {
      text: `${share(cut, point.records)} records are cut at ${snaplenOf(point)}: payload behind that is not there to compare or to read, lengths and sequence numbers are`,
      remedy: undefined,
    };
  },
};
