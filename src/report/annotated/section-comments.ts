/** What the annotated capture says of itself: the verdict, what failed, and what is not in it. */
import type { ClockEstimate } from "#observed/correlate/clocks.js";
import type { Report } from "#verify/report.js";
import { listIds } from "../list-ids.js";
import { countsByVerdict } from "../connection-table.js";
import { failureGroups, type FailureGroup } from "../failure-groups.js";
import type { Asked } from "../report-format.js";
import { sanitize } from "../sanitize.js";
import { KEPT_PER_DIRECTION, type PacketKeeper } from "./packet-keeper.js";
import type { WantedPackets } from "./wanted-packets.js";

export interface Annotated {
  readonly report: Report;
  readonly scenario: Asked;
  /** False where an input could not be read. */
  readonly complete: boolean;
  readonly wanted: WantedPackets;
  readonly keeper: PacketKeeper;
}

export function sectionComments(annotated: Annotated): readonly string[] {
  const { report, scenario, complete } = annotated;
  const judged = report.connections.filter(({ verdict }) => verdict !== "not applicable");
  const counts = judged.length === 0 ? "no connection was judged" : countsByVerdict(judged);
  const groups = failureGroups(report);
  const texts = [
    `pcapcheck ${report.verdict}, ${scenario.name}: ${scenario.title}; connections: ${counts}`,
    ...(complete ? [] : ["not everything could be read: the verdict is about the rest only"]),
    ...groups.slice(0, MAX_TOLD).flatMap(describeGroup),
    ...(groups.length > MAX_TOLD ? [`and ${groups.length - MAX_TOLD} more kinds of failure`] : []),
    ...(groups.length === 0 ? [NOTHING] : describePackets(annotated)),
    ...describeTunnels(report),
    ...describeClocks(report.clocks),
  ];
  return texts.map(sanitize);
}

const NOTHING = "no check failed: this file has the capture points and no packet";

/** Of kinds of failure. */
const MAX_TOLD = 30;

function describeGroup(group: FailureGroup): readonly string[] {
  const { code, title, ids, causes, explanation, remedy } = group;
  const name = code === undefined ? "" : `${code} `;
  return [
    `${name}fail: ${title} (${listIds(ids)})`,
    ...causes.map(({ label, text }) => `${name}${label}: ${text}`),
    ...(explanation === undefined ? [] : [`${name}why: ${explanation}`]),
    ...(remedy === undefined ? [] : [`${name}try: ${remedy}`]),
  ];
}

function describePackets({ keeper, wanted }: Annotated): readonly string[] {
  const { kept, leftOut, missing } = keeper;
  const what =
    `the ${kept.length} packets are those that a failed check cites, and at each capture point the ` +
    `first ${KEPT_PER_DIRECTION} of each direction of a connection that failed; bytes, lengths and ` +
    "times are the input's";
  const stories = wanted.withoutStory;
  return [
    what,
    ...(stories === 0
      ? []
      : [`of ${stories} more connections that failed only the cited packets are here`]),
    ...(missing === 0
      ? []
      : [`${missing} cited packets were not there when the captures were read again`]),
    ...(leftOut === 0 ? [] : [`left out for their number: ${leftOut} more such packets`]),
  ];
}

/** IANA's port is 4789, which is all that Wireshark looks for. */
function describeTunnels({ connections }: Report): readonly string[] {
  const isInVxlan = connections.some(
    ({ verdict, sightings }) =>
      verdict === "fail" && sightings.some(({ tunnel }) => tunnel === "vxlan"),
  );
  if (!isInVxlan) return [];
  return [
    "VXLAN on another port than 4789, as flannel's 8472, is read by Wireshark with Analyze, Decode As, " +
      "UDP port 8472, VXLAN (tshark -d udp.port==8472,vxlan)",
  ];
}

/** Packets stand in the order of one clock, and keep the time that their own file gives them. */
function describeClocks(clocks: readonly ClockEstimate[]): readonly string[] {
  const reference = clocks.find(({ basis }) => basis === "reference")?.point;
  const shifted = clocks.filter(({ offsetNs, driftPpm }) => offsetNs !== 0 || driftPpm !== 0);
  if (reference === undefined || shifted.length === 0) return [];
  const each = shifted.map(({ point, offsetNs }) => {
    const seconds = (Math.abs(offsetNs) / 1e9).toFixed(6);
    return `${point} is ${seconds} s ${offsetNs < 0 ? "behind" : "ahead of"} it`;
  });
  return [
    `clocks: packets are in the order of the clock of ${reference}, their timestamps are as each ` +
      `file has them; ${each.join(", ")}`,
  ];
}
