import { ByteWriter } from "./capture-bytes.js";

export interface PcapRecordSpec {
  /** Seconds since 1970, and microseconds or nanoseconds behind them. */
  readonly seconds?: number;
  readonly ticks?: number;
  readonly data?: Iterable<number>;
  /** What the record says instead of the truth. */
  readonly capturedLength?: number;
  readonly originalLength?: number;
  /** Modified variant only. */
  readonly packetType?: number;
}

export interface PcapSpec {
  readonly littleEndian?: boolean;
  readonly magic?: number;
  readonly version?: readonly [major: number, minor: number];
  readonly snaplen?: number;
  /** The whole field, with whatever stands above its 16 bits. */
  readonly linktype?: number;
  readonly records?: readonly PcapRecordSpec[];
}

export const MAGIC = {
  microseconds: 0xa1b2c3d4,
  nanoseconds: 0xa1b23c4d,
  modified: 0xa1b2cd34,
  ixiaHardware: 0x1c0001ac,
  ixiaSoftware: 0x1c0001ab,
} as const;

/** 2024-01-01T00:00:00Z. */
export const SECONDS = 1_704_067_200;

/** A classic pcap file. Without anything said: little-endian, microseconds, Ethernet, 2.4. */
export function pcapFile(spec: PcapSpec = {}): Uint8Array {
  const { littleEndian = true, magic = MAGIC.microseconds, version = [2, 4] } = spec;
  const { snaplen = 262_144, linktype = 1, records = [] } = spec;
  const out = new ByteWriter({ littleEndian });
  out
    .u32(magic)
    .u16(...version)
    .u32(0, 0, snaplen, linktype);
  if (magic === MAGIC.ixiaHardware || magic === MAGIC.ixiaSoftware) out.u32(0);
  for (const record of records) {
    const data = [...(record.data ?? [])];
    out.u32(record.seconds ?? SECONDS, record.ticks ?? 0);
    const captured = record.capturedLength ?? data.length;
    out.u32(captured, record.originalLength ?? captured);
    if (magic === MAGIC.modified)
      out
        .u32(3)
        .u16(0x0800)
        .u8(record.packetType ?? 0, 0);
    out.raw(data);
  }
  return out.done();
}
