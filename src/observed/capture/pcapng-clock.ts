import { captureNs, epochNs, type CaptureNs } from "#net/types.js";
import type { CaptureTally } from "./capture-tally.js";

const NS_PER_SECOND = 1_000_000_000n;
const LOW_BITS = 32n;
const LOW_VALUES = 2 ** 32;

/** The timestamps of one pcapng interface: 64-bit counts of a unit the interface names. */
export class PcapngClock {
  readonly #unitsPerSecond: bigint;
  readonly #offsetSeconds: bigint;
  /** Undefined when a unit is not a whole number of nanoseconds. */
  readonly #nsPerUnit: number | undefined;
  #started = false;
  #referenceHigh = 0;
  #referenceLow = 0;
  #referenceTime = 0;

  /**
   * @param resolution if_tsresol as in the file: the exponent of 10, or with the highest bit set
   *   of 2, whose negative power of a second is the unit.
   * @param offsetSeconds if_tsoffset: to be added to every timestamp.
   */
  constructor({ resolution, offsetSeconds }: { resolution: number; offsetSeconds: bigint }) {
    const exponent = BigInt(resolution & 0x7f);
    this.#unitsPerSecond = (resolution & 0x80) === 0 ? 10n ** exponent : 2n ** exponent;
    this.#offsetSeconds = offsetSeconds;
    const isWhole = NS_PER_SECOND % this.#unitsPerSecond === 0n;
    this.#nsPerUnit = isWhole ? Number(NS_PER_SECOND / this.#unitsPerSecond) : undefined;
  }

  /**
   * Nanoseconds since the file's first record, of a timestamp in two 32-bit halves.
   *
   * The first packet of an interface is placed with bigints, the others by their difference to it,
   * which a double holds exactly as far as `CaptureNs` is exact. Units finer than a nanosecond, or
   * binary ones, need a rounding of the whole value, and take a bigint for each packet: capture
   * cards write them, tcpdump and dumpcap do not.
   */
  time(high: number, low: number, tally: CaptureTally): CaptureNs {
    if (this.#nsPerUnit === undefined) return this.#exact(high, low, tally);
    if (!this.#started) {
      this.#started = true;
      this.#referenceHigh = high;
      this.#referenceLow = low;
      this.#referenceTime = this.#exact(high, low, tally);
      return captureNs(this.#referenceTime);
    }
    const units = (high - this.#referenceHigh) * LOW_VALUES + (low - this.#referenceLow);
    return captureNs(this.#referenceTime + units * this.#nsPerUnit);
  }

  #exact(high: number, low: number, tally: CaptureTally): CaptureNs {
    const units = (BigInt(high) << LOW_BITS) | BigInt(low);
    const sinceEpoch =
      (units * NS_PER_SECOND) / this.#unitsPerSecond + this.#offsetSeconds * NS_PER_SECOND;
    tally.baseTime ??= epochNs(sinceEpoch);
    return captureNs(Number(sinceEpoch - tally.baseTime));
  }
}
