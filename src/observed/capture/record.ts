import { captureNs, type CaptureNs } from "#net/types.js";

/** Where a packet was going, as the link layer tells it: Linux cooked headers and pcapng's epb_flags. */
export const DIRECTION = { unknown: 0, in: 1, out: 2 } as const;
export type Direction = (typeof DIRECTION)[keyof typeof DIRECTION];

/**
 * One packet as the file stores it. A reader owns one of these and fills it again for each record:
 * copy what outlives the call. One object per record would cost a tenth of the run.
 */
export class CaptureRecord {
  /** The reader's block; the packet starts at `offset` and nothing outside it may be read. */
  bytes: Uint8Array = new Uint8Array(0);
  offset = 0;
  /** Bytes of the packet in the file. */
  capturedLength = 0;
  /** Bytes of the packet on the wire. */
  originalLength = 0;
  /** A `LINKTYPE_` value (tcpdump.org/linktypes.html), never a `DLT_`. */
  linktype = 0;
  /** Since the file's first record; negative when a record is stamped before it. */
  time: CaptureNs = captureNs(0);
  /** Index into `CaptureSummary.interfaces`; counts on across pcapng sections. 0 in classic pcap. */
  interfaceId = 0;
  direction: Direction = DIRECTION.unknown;
  /** Position in the file, from 1, as Wireshark and `tcpdump -#` count. */
  number = 0;
}

/** Takes each record in file order. Synchronous: the record is reused when it returns. */
export type RecordSink = (record: CaptureRecord) => void;
