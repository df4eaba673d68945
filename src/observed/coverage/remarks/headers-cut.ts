import { share, type RemarkDefinition } from "../remark.js";
import { snaplenOf, stopsInTcp } from "../snaplen.js";

export const headersCut: RemarkDefinition = {
  id: "headers-cut",
  grade: "limits",
  examine(point) {
    const { withoutPorts, records } = point.statistics;
    const inTcp = stopsInTcp(point);
    if (withoutPorts + inTcp === 0) return undefined;
    const what = [
      ...(withoutPorts > 0
        ? [
            `${share(withoutPorts, records)} packets end before their ports, so they are of no connection`,
          ]
        : []),
      ...(inTcp > 0
        ? [
            `${share(inTcp, records)} end inside the TCP header, so flags, windows or options are missing`,
          ]
        : []),
    ];
    return {
      text: `cut at ${snaplenOf(point)}: ${what.join("; ")}`,
      remedy:
        "-s 0, or at least -s 192: VXLAN takes 50 bytes before the inner IP header, TCP up to 60 behind it",
    };
  },
};
