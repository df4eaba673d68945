import { FLAG_ORIGINATOR_HIGH, FLAGS, HIGH_DIRECTION, LOW_DIRECTION } from "./layout.js";

/** The record that a packet belongs to, and the packet's direction in it. Filled again each time. */
export class Cursor {
  /** The slab. The offsets below are bytes in it. */
  view: DataView = new DataView(new ArrayBuffer(0));
  /** The connection's record. */
  record = 0;
  /** The direction of the packet, and the other one. */
  self = 0;
  peer = 0;
  isOriginator = true;

  /** `isLow` says who sent the packet. */
  place(view: DataView, record: number, isLow: boolean): void {
    const originatorIsHigh = (view.getUint8(record + FLAGS) & FLAG_ORIGINATOR_HIGH) !== 0;
    this.view = view;
    this.record = record;
    this.self = record + (isLow ? LOW_DIRECTION : HIGH_DIRECTION);
    this.peer = record + (isLow ? HIGH_DIRECTION : LOW_DIRECTION);
    this.isOriginator = isLow !== originatorIsHigh;
  }
}
