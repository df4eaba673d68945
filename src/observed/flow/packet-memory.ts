/**
 * What is remembered of single packets, beside the packed records and only where it was asked for:
 * each direction's first time, and the few packets with the lowest keys. Every capture point that
 * saw a packet gives it the same key, so all of them keep the same packets (bottom-k sampling).
 */
import { IP_PROTOCOL } from "#net/protocol.js";
import type { IpPacket } from "#observed/decode/packet.js";
import type { Cursor } from "./cursor.js";
import type { Sighting } from "./follow.js";
import { LOW_DIRECTION, PACKETS, SYNS } from "./layout.js";
import type { PacketSample } from "./packet-sample.js";
import { prefixHash } from "./payload-hash.js";
import { NO_KEY, sampleKey } from "./sample-key.js";
import { SampleTable } from "./sample-table.js";

/**
 * Packets of a TCP connection with a handshake before its samples begin: its two sequence numbers
 * name it, so only those live long enough to need samples that show how clocks drift.
 */
const PACKETS_BEFORE_SAMPLES = 16;

const SLAB_SHIFT = 12;
/** Two directions a connection. */
const SLAB_DIRECTIONS = 2 << SLAB_SHIFT;
const NO_ROW = -1;
const NO_SAMPLES: readonly PacketSample[] = [];

export class PacketMemory {
  /** ns since the capture point's first record; NaN of a direction that was not seen. */
  readonly #firsts: Float64Array[] = [];
  /** The same of the first packet with payload. */
  readonly #payloads: Float64Array[] = [];
  /** In `#samples`. */
  readonly #rows: Int32Array[] = [];
  readonly #samples = new SampleTable();

  /** `connection`: its index. The cursor is on its record, which has counted the packet. */
  add(connection: number, cursor: Cursor, packet: IpPacket, seen: Sighting): void {
    const slab = this.#slab(connection);
    const direction = directionAt(connection, cursor.self === cursor.record + LOW_DIRECTION);
    const firsts = this.#firsts[slab];
    const payloads = this.#payloads[slab];
    const rows = this.#rows[slab];
    if (firsts === undefined || payloads === undefined || rows === undefined) return;
    // Also when it is NaN.
    if (!((firsts[direction] ?? 0) <= seen.time)) firsts[direction] = seen.time;
    const isEarlier = !((payloads[direction] ?? 0) <= seen.time);
    if (packet.payloadLength > 0 && isEarlier) payloads[direction] = seen.time;
    if (seen.isCopy || !seen.isWhole || !isSampled(cursor, packet.protocol)) return;
    const key = sampleKey(seen.record.bytes, packet);
    if (key === NO_KEY) return;
    if (rows[direction] === NO_ROW) rows[direction] = this.#samples.addRow();
    const row = rows[direction] ?? 0;
    if (!this.#samples.admits(row, key)) return;
    this.#samples.put(row, {
      key,
      payload: prefixHash(seen.record.bytes, packet),
      time: seen.time,
    });
  }

  /** ns since the capture point's first record; undefined of a direction that was not seen. */
  first(connection: number, isLow: boolean): number | undefined {
    return known(this.#firsts[connection >> SLAB_SHIFT]?.[directionAt(connection, isLow)]);
  }

  /** The same of its first packet with payload; undefined without any. */
  firstPayload(connection: number, isLow: boolean): number | undefined {
    return known(this.#payloads[connection >> SLAB_SHIFT]?.[directionAt(connection, isLow)]);
  }

  /** By key. `from`: ns since the capture point's first record, which sample times count from. */
  samples(connection: number, isLow: boolean, from: number): readonly PacketSample[] {
    const row = this.#rows[connection >> SLAB_SHIFT]?.[directionAt(connection, isLow)] ?? NO_ROW;
    return row === NO_ROW ? NO_SAMPLES : this.#samples.read(row, from);
  }

  #slab(connection: number): number {
    const slab = connection >> SLAB_SHIFT;
    while (this.#rows.length <= slab) {
      this.#firsts.push(new Float64Array(SLAB_DIRECTIONS).fill(Number.NaN));
      this.#payloads.push(new Float64Array(SLAB_DIRECTIONS).fill(Number.NaN));
      this.#rows.push(new Int32Array(SLAB_DIRECTIONS).fill(NO_ROW));
    }
    return slab;
  }
}

function known(time: number | undefined): number | undefined {
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

function directionAt(connection: number, isLow: boolean): number {
  return ((connection << 1) & (SLAB_DIRECTIONS - 1)) | (isLow ? 0 : 1);
}

function isSampled({ view, self, peer }: Cursor, protocol: number): boolean {
  if (protocol !== IP_PROTOCOL.tcp) return true;
  const hasSyn = view.getUint16(self + SYNS, true) + view.getUint16(peer + SYNS, true) > 0;
  if (!hasSyn) return true;
  const packets = view.getUint32(self + PACKETS, true) + view.getUint32(peer + PACKETS, true);
  return packets >= PACKETS_BEFORE_SAMPLES;
}
