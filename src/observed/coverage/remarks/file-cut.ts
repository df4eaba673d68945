import type { RemarkDefinition } from "../remark.js";

export const fileCut: RemarkDefinition = {
  id: "file-cut",
  grade: "note",
  examine({ captures }) {
    const cut = captures.filter(({ truncated, records }) => truncated && records > 0);
    if (cut.length === 0) return undefined;
    return {
      text: `${cut.map(({ file }) => file).join(", ")}: ends inside a record, as when tcpdump is killed or the file copied while it grows: what came after is not in it`,
      remedy: "stop tcpdump with Ctrl-C or SIGTERM, and -U writes each packet at once",
    };
  },
};
