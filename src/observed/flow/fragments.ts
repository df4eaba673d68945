/**
 * Which connection a later IP fragment belongs to: only the first has ports. Every fragment
 * is a packet of its connection; `tshark -z conv,udp` counts one for each datagram, the fragment that
 * completes it, or with `-o ip.defragment:FALSE` the first.
 *
 * A table of fixed size;
 * two packets that fall on one row push each other out, and what was held for the older is counted
 * as lost.
 */
import type { IpPacket } from "#observed/decode/packet.js";
import { NONE } from "./connection-table.js";
import type { HeldFragments } from "./follow.js";
import { hashWords } from "./word-hash.js";

/** Fragmented packets that are remembered at once. */
const FRAGMENT_ROWS = 4096;

/** The row of a fragmented packet: what its fragments share, and what is known of them. */
class FragmentRow {
  place = NONE;
  id = 0;
  protocol = 0;
  /** The words of the source, then of the destination. */
  readonly addresses = new Int32Array(8);
  /** The connection, once the first fragment came. */
  connection = NONE;
  sourceIsLow = true;
  heldPackets = 0;
  heldFrameBytes = 0;
  heldPayloadBytes = 0;

  /** A fragment that came before the first. */
  hold(frameBytes: number, { payloadLength }: IpPacket): void {
    this.heldPackets++;
    this.heldFrameBytes += frameBytes;
    this.heldPayloadBytes += payloadLength;
  }

  /** What was held; it is held no longer. */
  release(): HeldFragments {
    const held = {
      packets: this.heldPackets,
      frameBytes: this.heldFrameBytes,
      payloadBytes: this.heldPayloadBytes,
    };
    this.heldPackets = 0;
    this.heldFrameBytes = 0;
    this.heldPayloadBytes = 0;
    return held;
  }

  matches(place: number, packet: IpPacket): boolean {
    if (this.place !== place || this.id !== packet.id || this.protocol !== packet.protocol) {
      return false;
    }
    for (let at = 0; at < 4; at++) {
      if (this.addresses[at] !== packet.source[at]) return false;
      if (this.addresses[at + 4] !== packet.destination[at]) return false;
    }
    return true;
  }

  take(place: number, packet: IpPacket): void {
    this.place = place;
    this.id = packet.id;
    this.protocol = packet.protocol;
    this.addresses.set(packet.source, 0);
    this.addresses.set(packet.destination, 4);
    this.connection = NONE;
    this.release();
  }
}

export class Fragments {
  readonly #rows: (FragmentRow | undefined)[] = [];
  #lost = 0;

  /** The row of this packet; a fresh one when none of its fragments was seen. */
  row(place: number, packet: IpPacket): FragmentRow {
    const at = rowOf(place, packet);
    const row = (this.#rows[at] ??= new FragmentRow());
    if (row.matches(place, packet)) return row;
    this.#lost += row.heldPackets;
    row.take(place, packet);
    return row;
  }

  /** Fragments whose first was not seen, so that no connection has them. */
  get withoutFirst(): number {
    return this.#rows.reduce((sum, row) => sum + (row?.heldPackets ?? 0), this.#lost);
  }
}

function rowOf(place: number, { source, destination, id, protocol }: IpPacket): number {
  const hash = hashWords(source[3] ?? 0, destination[3] ?? 0, id, protocol, place);
  return hash & (FRAGMENT_ROWS - 1);
}
