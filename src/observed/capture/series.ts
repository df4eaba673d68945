/** Rotated captures: which files tcpdump wrote one after the other, and in which order. */

import type { EpochNs } from "#net/types.js";
import { withoutCompression } from "./capture-name.js";

/** Which of tcpdump's ways of rotating a name shows. */
type Rotation = "-G" | "-C";

/** A name without what changes from file to file. */
interface SeriesName {
  readonly series: string;
  readonly rotation: Rotation | undefined;
}

/**
 * `-G` with a strftime pattern: ISO 8601, the same without separators, or seconds since 1970. Other
 * long runs of digits are names: of a build, a ticket, an account.
 */
const TIMESTAMP =
  /\d{4}-\d\d-\d\d(?:[T_ -]?\d\d[:.h_-]?\d\d(?:[:.m_-]?\d\d)?)?Z?|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[T_-]?\d{4,6})?Z?|(?<!\d)1\d{9}(?!\d)/g;
/** dumpcap's ring buffer counts in front of its date: `x_00001_20240101120000.pcapng`. */
const RING_COUNTER = /_\d{5}_\*/;
/** `-C` counts behind the extension: `x.pcap`, `x.pcap1`; with -W padded, from `x.pcap00`. */
const COUNTER = /(\.(?:pcapng|pcap|cap|dmp|dump))\d+$/;

/** Several files of one series, in the order they were given; a file of no series is alone. */
export function groupSeries(names: readonly string[]): readonly (readonly string[])[] {
  const counted = new Set<string>();
  const read = names.map((name) => ({ name, ...seriesName(name) }));
  for (const { series, rotation } of read) if (rotation !== undefined) counted.add(series);
  const groups = new Map<string, string[]>();
  for (const { name, series } of read) {
    // `x.pcap` is the start of `x.pcap1`; without any such it is a file like any other.
    const key = counted.has(series) ? `series ${series}` : `file ${name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return [...groups.values()];
}

/** A file with the time of its first record, as `peekFirstTime` tells it. */
export interface DatedFile {
  readonly name: string;
  readonly firstTime: EpochNs | undefined;
}

/**
 * Files by their first record: with -W names come round again, without padding `x.pcap10` sorts
 * before `x.pcap2`, and -G may overwrite. Files without a record come last, by name.
 */
export function orderSeries<File extends DatedFile>(files: readonly File[]): readonly File[] {
  return files.toSorted((one, other) => {
    if (one.firstTime === other.firstTime) return one.name < other.name ? -1 : 1;
    if (one.firstTime === undefined) return 1;
    if (other.firstTime === undefined) return -1;
    return one.firstTime < other.firstTime ? -1 : 1;
  });
}

/** Two files with the same `series` belong together if one of them has a `rotation`. */
function seriesName(name: string): SeriesName {
  const bare = withoutCompression(name);
  const folder = bare.slice(0, bare.lastIndexOf("/") + 1);
  const file = bare.slice(folder.length);
  const undated = file.replace(TIMESTAMP, "*").replace(RING_COUNTER, "_*");
  const uncounted = undated.replace(COUNTER, "$1");
  const rotation = uncounted !== undated ? "-C" : undated !== file ? "-G" : undefined;
  return { series: folder + uncounted, rotation };
}
