import type { EpochNs } from "#net/types.js";

/** What a capture file turned out to hold, once it has been read to its end or as far as possible. */
export interface CaptureSummary {
  /** The name the caller gave the source. */
  readonly file: string;
  /** Undefined when the bytes are no capture file at all. */
  readonly format: "pcap" | "pcapng" | undefined;
  readonly compression: "gzip" | "zstd" | undefined;
  readonly records: number;
  /** True when the file ends inside a header or record: normal when tcpdump was killed. */
  readonly truncated: boolean;
  /** Time of the first record that has one; `CaptureRecord.time` counts from here. */
  readonly baseTime: EpochNs | undefined;
  /** Earliest and latest record, which are not always the first and last. */
  readonly firstTime: EpochNs | undefined;
  readonly lastTime: EpochNs | undefined;
  /** How far a record's time lies behind that of the record before, at most; 0 where none does. */
  readonly farthestBackNs: number;
  readonly interfaces: readonly CaptureInterface[];
  /** Records that hold fewer bytes than the packet had (snaplen). */
  readonly snappedRecords: number;
  readonly problems: readonly CaptureProblem[];
}

/** An interface as pcapng describes it; a classic file has one without name. */
export interface CaptureInterface {
  /** A `LINKTYPE_` value. */
  readonly linktype: number;
  /** Bytes kept of each packet; 0 means no limit. */
  readonly snaplen: number;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** From an interface statistics block: packets the kernel or interface dropped. */
  readonly dropped: number | undefined;
}

/** One thing wrong with a file. Everything before it was read. */
export interface CaptureProblem {
  /** Whose doing: the capture ended early, the file contradicts itself, or we cannot read it. */
  readonly kind: "truncated" | "malformed" | "unsupported" | "empty" | "note";
  /** Where in the (decompressed) file, in bytes from its start; 0 if it is about the whole file. */
  readonly offset: number;
  /** A clause with its numbers and units, and what to try: completes "pod.pcap: …". */
  readonly message: string;
}
