import { epochNs, type EpochNs } from "#net/types.js";
import { CaptureRecord, type RecordSink } from "./record.js";
import type { CaptureInterface, CaptureProblem, CaptureSummary } from "./summary.js";

/** A `CaptureInterface` while its file is being read: statistics come behind the packets. */
export type MutableInterface = { -readonly [Key in keyof CaptureInterface]: CaptureInterface[Key] };

/** Counts records on their way to the sink and collects what there is to say about their file. */
export class CaptureTally {
  /** Filled by a parser, then handed on by `deliver`. */
  readonly record = new CaptureRecord();
  readonly interfaces: MutableInterface[] = [];
  format: CaptureSummary["format"] = undefined;
  truncated = false;
  /** True when the stream that brought the bytes broke off: half a record is no news then. */
  isCutExplained = false;
  records = 0;
  /** Time of the first record that has one. */
  baseTime: EpochNs | undefined = undefined;

  readonly #sink: RecordSink;
  readonly #problems: CaptureProblem[] = [];
  #previous = Number.NEGATIVE_INFINITY;
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;
  #snapped = 0;
  #oversized = 0;
  #firstOversized = 0;
  #backwards = 0;
  #firstBackwards = 0;
  #farthestBack = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  /** Hands the record on. Runs once for each packet: no allocation here. */
  deliver(): void {
    const record = this.record;
    record.number = ++this.records;
    const time = record.time;
    if (time < this.#previous) this.#countBackwards(this.#previous - time);
    this.#previous = time;
    if (time < this.#earliest) this.#earliest = time;
    if (time > this.#latest) this.#latest = time;
    if (record.capturedLength < record.originalLength) this.#snapped++;
    else if (record.capturedLength > record.originalLength && this.#oversized++ === 0) {
      this.#firstOversized = record.number;
    }
    this.#sink(record);
  }

  /** The kernel stamps packets of several interfaces and processors before it queues them. */
  #countBackwards(nanoseconds: number): void {
    if (this.#backwards++ === 0) this.#firstBackwards = this.record.number;
    if (nanoseconds > this.#farthestBack) this.#farthestBack = nanoseconds;
  }

  /** The time of the record before, for a record that has none of its own. */
  get previousTime(): number {
    return this.records === 0 ? 0 : this.#previous;
  }

  /** "317 records read", the end of every message about a file that was given up. */
  get read(): string {
    return this.records === 1 ? "1 record read" : `${this.records} records read`;
  }

  add(problem: CaptureProblem): void {
    this.#problems.push(problem);
  }

  /** Adds a remark about the whole file. */
  note(message: string): void {
    this.add({ kind: "note", offset: 0, message });
  }

  /** Says that the file ends inside a header or record, unless what brought its bytes has said so. */
  cut(problem: Omit<CaptureProblem, "kind">): void {
    this.truncated = true;
    if (!this.isCutExplained) this.add({ kind: "truncated", ...problem });
  }

  /** Puts the cause in front of what the file broke at, if it broke. */
  explainBreak(cause: string): void {
    const index = this.#problems.findLastIndex(
      ({ kind }) => kind === "malformed" || kind === "truncated",
    );
    const problem = this.#problems[index];
    if (problem === undefined) return;
    const { offset, message } = problem;
    this.#problems[index] = { kind: "malformed", offset, message: `${cause}; ${message}` };
  }

  get hasProblems(): boolean {
    return this.#problems.length > 0;
  }

  summary({ file, compression }: Pick<CaptureSummary, "file" | "compression">): CaptureSummary {
    this.#addNotes();
    return {
      file,
      format: this.format,
      compression,
      records: this.records,
      truncated: this.truncated,
      baseTime: this.baseTime,
      firstTime: this.#epoch(this.#earliest),
      lastTime: this.#epoch(this.#latest),
      farthestBackNs: this.#farthestBack,
      interfaces: this.interfaces,
      snappedRecords: this.#snapped,
      problems: this.#problems,
    };
  }

  #epoch(time: number): EpochNs | undefined {
    if (this.baseTime === undefined || !Number.isFinite(time)) return undefined;
    return epochNs(this.baseTime + BigInt(Math.floor(time)));
  }

  #addNotes(): void {
    const { records } = this;
    if (this.format !== undefined && records === 0 && !this.hasProblems) {
      this.note("no packets recorded: the file ends behind its header");
    }
    if (this.#backwards > 0) {
      this.note(
        `${this.#backwards} of ${records} records stamped earlier than the one before, at most ` +
          `${describeStep(this.#farthestBack)}, first record ${this.#firstBackwards}`,
      );
    }
    if (this.#oversized > 0) {
      this.note(
        `${this.#oversized} of ${records} records hold more bytes than they say the packet had, ` +
          `first record ${this.#firstOversized}`,
      );
    }
  }
}

/** Interfaces and processors are nanoseconds apart, a clock that was set whole seconds. */
function describeStep(ns: number): string {
  return ns < 1e9 ? `${ns} ns` : `${(ns / 1e9).toFixed(1)} s`;
}
