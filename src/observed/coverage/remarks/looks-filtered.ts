import type { PointCoverage } from "../point-coverage.js";
import { counted } from "#net/counted.js";
import type { RemarkDefinition } from "../remark.js";

export const looksFiltered: RemarkDefinition = {
  id: "looks-filtered",
  grade: "unknown",
  examine(point) {
    const { common, all } = point.connections;
    if (common === undefined) return undefined;
    const expression = expressionOf(point);
    if (expression === undefined) return undefined;
    return {
      text: `whether other traffic passed: each of the ${counted(all, "connection")} would pass the filter \`${expression}\`, so a filter like that would give the same picture${withoutArp(point)}`,
      remedy:
        "look at how it was called; ICMP errors pass no filter by port, so add `or icmp or icmp6`",
    };
  },
};

/** An address that all share is no news where it is the only one that can be there. */
function expressionOf({
  connections: { common },
  place: { role },
}: PointCoverage): string | undefined {
  const isShared = role === "bridge" || role === "overlay" || role === "any";
  const parts = [
    ...(common?.protocol === undefined ? [] : [common.protocol]),
    ...(common?.port === undefined ? [] : [`port ${common.port}`]),
    ...(common?.address === undefined || !isShared ? [] : [`host ${common.address}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(" and ");
}

/** Between machines on Ethernet ARP is seen sooner or later. */
function withoutArp({
  statistics: { arp, records, withoutIp },
  place: { role },
}: PointCoverage): string {
  const isEthernet = role === "uplink" || role === "bridge" || role === "veth" || role === "any";
  const isSilent = arp.requests + arp.replies === 0 && withoutIp === 0;
  return isEthernet && isSilent && records >= 20
    ? "; there is no ARP either, which speaks for one"
    : "";
}
