/** A capture file as another clock would have stamped it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FlowsReport } from "#report/flows-report.js";
import { trackCaptures } from "../../src/pipeline.js";
import { blockSource } from "./capture-read.js";
import { track, type NamedCapture } from "./verify-recorded.js";

export interface ShiftedClock {
  readonly offsetSeconds: number;
  /** How much faster it goes, from the file's first record on. */
  readonly driftPpm: number;
  /** Of the file's bytes, from 0 to 1: the clock was right up to there. */
  readonly setBehind?: number;
}

const FOLDER = fileURLToPath(new URL("../../captures/", import.meta.url));

/** As `track`, with one capture stamped by another clock. */
export async function trackShifted(
  captures: readonly NamedCapture[],
  { capture, clock }: { readonly capture: NamedCapture; readonly clock: ShiftedClock },
): Promise<FlowsReport> {
  const { point, path } = capture;
  const bytes = shiftClock(readFileSync(FOLDER + path), clock);
  const file = { name: path, open: () => blockSource(bytes, path) };
  const reports = await Promise.all(
    captures.map((one) =>
      one.path === path
        ? trackCaptures([{ point, files: [file] }], { facts: "all" })
        : track([one]),
    ),
  );
  return {
    points: reports.flatMap(({ points }) => points),
    connections: reports.flatMap(({ connections }) => [...connections]),
  };
}

/** pcap or pcapng, little-endian, as the recorded cases are. */
export function shiftClock(original: Uint8Array, clock: ShiftedClock): Uint8Array {
  const bytes = Uint8Array.from(original);
  const view = new DataView(bytes.buffer);
  if (view.getUint32(0, true) === PCAPNG) shiftBlocks(view, clock);
  else shiftRecords(view, clock);
  return bytes;
}

const PCAPNG = 0x0a0d0d0a;
const NANOSECONDS = 0xa1b23c4d;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

function shiftRecords(view: DataView, clock: ShiftedClock): void {
  const perSecond = view.getUint32(0, true) === NANOSECONDS ? 1_000_000_000n : 1_000_000n;
  let first: bigint | undefined;
  for (let at = FILE_HEADER_BYTES; at + RECORD_HEADER_BYTES <= view.byteLength;) {
    const seconds = BigInt(view.getUint32(at, true));
    const ticks = seconds * perSecond + BigInt(view.getUint32(at + 4, true));
    first ??= ticks;
    const shifted = shift(ticks, { first, perSecond, clock: clockAt(at / view.byteLength, clock) });
    view.setUint32(at, Number(shifted / perSecond), true);
    view.setUint32(at + 4, Number(shifted % perSecond), true);
    at += RECORD_HEADER_BYTES + view.getUint32(at + 8, true);
  }
}

const INTERFACE = 1;
const PACKET = 6;
const OPTION_RESOLUTION = 9;

function shiftBlocks(view: DataView, clock: ShiftedClock): void {
  const perSecond: bigint[] = [];
  let first: bigint | undefined;
  for (let at = 0; at + 12 <= view.byteLength; at += view.getUint32(at + 4, true)) {
    const type = view.getUint32(at, true);
    if (type === INTERFACE) perSecond.push(ticksPerSecond(view, at));
    if (type !== PACKET) continue;
    const unit = perSecond[view.getUint32(at + 8, true)] ?? 1_000_000n;
    const high = BigInt(view.getUint32(at + 12, true));
    const ticks = (high << 32n) + BigInt(view.getUint32(at + 16, true));
    first ??= ticks;
    const shifted = shift(ticks, {
      first,
      perSecond: unit,
      clock: clockAt(at / view.byteLength, clock),
    });
    view.setUint32(at + 12, Number(shifted >> 32n), true);
    view.setUint32(at + 16, Number(shifted & 0xffffffffn), true);
  }
}

function ticksPerSecond(view: DataView, block: number): bigint {
  const end = block + view.getUint32(block + 4, true) - 4;
  for (let at = block + 16; at + 4 <= end;) {
    const lengthBytes = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === OPTION_RESOLUTION) return 10n ** BigInt(view.getUint8(at + 4));
    at += 4 + Math.ceil(lengthBytes / 4) * 4;
  }
  return 1_000_000n;
}

function clockAt(share: number, clock: ShiftedClock): ShiftedClock {
  return share < (clock.setBehind ?? 0) ? RIGHT : clock;
}

const RIGHT: ShiftedClock = { offsetSeconds: 0, driftPpm: 0 };

interface Stamped {
  readonly first: bigint;
  readonly perSecond: bigint;
  readonly clock: ShiftedClock;
}

function shift(ticks: bigint, { first, perSecond, clock }: Stamped): bigint {
  const drift = Math.round((Number(ticks - first) * clock.driftPpm) / 1e6);
  return ticks + BigInt(Math.round(clock.offsetSeconds * Number(perSecond))) + BigInt(drift);
}
