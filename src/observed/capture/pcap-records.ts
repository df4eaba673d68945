/** What both readers of classic pcap share: the clock, the bound on a record, the words for its end. */

import { captureNs, epochNs, type CaptureNs } from "#net/types.js";
import type { CaptureTally } from "./capture-tally.js";
import { recordLimit } from "./limits.js";
import type { PcapHeader } from "./pcap-header.js";

const NS_PER_SECOND = 1_000_000_000;

export class PcapRecords {
  readonly tally: CaptureTally;
  /** The largest captured length believed in this file, in bytes. */
  readonly limitBytes: number;
  readonly #ticksPerSecond: number;
  readonly #nsPerTick: number;
  #baseSeconds = 0;
  #baseTicks = 0;
  #overflows = 0;
  #overflowText = "";

  constructor(tally: CaptureTally, header: PcapHeader) {
    this.tally = tally;
    this.limitBytes = recordLimit(header.snaplen);
    this.#ticksPerSecond = header.ticksPerSecond;
    this.#nsPerTick = NS_PER_SECOND / header.ticksPerSecond;
    tally.format = "pcap";
    tally.record.linktype = header.linktype;
    tally.interfaces.push({
      linktype: header.linktype,
      snaplen: header.snaplen,
      name: undefined,
      description: undefined,
      dropped: undefined,
    });
  }

  /**
   * A timestamp as nanoseconds since the first record's. The difference of each half is exact, and
   * so is their sum as far as `CaptureNs` is.
   */
  time(seconds: number, ticks: number): CaptureNs {
    if (ticks >= this.#ticksPerSecond) this.#countOverflow(ticks);
    if (this.tally.baseTime === undefined) {
      this.#baseSeconds = seconds;
      this.#baseTicks = ticks;
      const ns = BigInt(seconds) * BigInt(NS_PER_SECOND) + BigInt(ticks * this.#nsPerTick);
      this.tally.baseTime = epochNs(ns);
    }
    return captureNs(
      (seconds - this.#baseSeconds) * NS_PER_SECOND + (ticks - this.#baseTicks) * this.#nsPerTick,
    );
  }

  /** Says that a record claims more than is believed. Nothing behind it can be found again. */
  stopAtLength(claimed: { readonly bytes: number; readonly offset: number }): void {
    const { tally } = this;
    const message =
      `record ${tally.records + 1} claims ${claimed.bytes} captured bytes, the most a record ` +
      `of this file can have is ${this.limitBytes}: the file is damaged from byte ` +
      `${claimed.offset} on or before; ${tally.read}; copy the file again, in binary mode`;
    tally.add({ kind: "malformed", offset: claimed.offset, message });
  }

  /** Says how the file ends inside the record at `offset`. */
  finish(tail: {
    readonly offset: number;
    readonly presentBytes: number;
    readonly wantedBytes: number;
    readonly part: "header" | "record";
  }): void {
    if (tail.presentBytes === 0 && tail.part === "header") return;
    const { tally } = this;
    const number = tally.records + 1;
    const what = tail.part === "header" ? `the header of record ${number}` : `record ${number}`;
    const missing = tail.wantedBytes - tail.presentBytes;
    const message =
      `${what} ends ${missing} ${missing === 1 ? "byte" : "bytes"} early: the capture was cut ` +
      `while being written; ${tally.read}`;
    tally.cut({ offset: tail.offset, message });
  }

  addNotes(): void {
    if (this.#overflows === 0) return;
    const message =
      `${this.#overflowText}; ${this.#overflows} such records, the file's magic number may name ` +
      "the wrong unit: times are not to be trusted";
    this.tally.add({ kind: "malformed", offset: 0, message });
  }

  #countOverflow(ticks: number): void {
    if (this.#overflows++ > 0) return;
    const unit = this.#nsPerTick === 1 ? "nanoseconds" : "microseconds";
    this.#overflowText =
      `record ${this.tally.records + 1} is stamped with ${ticks} ${unit} behind its second, ` +
      `must be below ${this.#ticksPerSecond}`;
  }
}
