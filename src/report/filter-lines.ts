/** The lines of a failure that say how to look at it in Wireshark. */
import type { Report } from "#verify/report.js";
import { displayFilter } from "./display-filter.js";
import type { FailureGroup } from "./failure-groups.js";

/** Of a failure: where it shows, and where else. */
const MAX_FILTERS = 2;

/** `c3 in node1.eth0.pcap: ip.addr==… && …`, of the first connection, in the files that its checks cite. */
export function filterLines({ connections }: Report, group: FailureGroup): readonly string[] {
  const [first] = group.ids;
  const connection = connections.find(({ id }) => id === first);
  if (!connection) return [];
  const cited = group.checks.flatMap(({ check }) => check.evidence.map(({ file }) => file));
  const lines = [...new Set(cited)].flatMap((file) => {
    const filter = displayFilter(connection, file);
    return filter === undefined ? [] : [`${connection.id} in ${file}: ${filter}`];
  });
  return lines.slice(0, MAX_FILTERS);
}
