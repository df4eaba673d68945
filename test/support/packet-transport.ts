/** Builds transport headers. Checksums stay 0: offload leaves most of them wrong, and nobody looks. */
import { concat, uint16, uint32, uint8 } from "./packet-bytes.js";

/** The bits of a TCP header's flags. */
export const FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

const NOTHING = new Uint8Array(0);

export interface TcpFields {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly seq?: number;
  readonly ack?: number;
  /** Default: ACK. */
  readonly flags?: number;
  readonly window?: number;
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array;
  /** In 4-byte words. Default: of header and options. */
  readonly dataOffset?: number;
}

export function buildTcp(fields: TcpFields, payload: Uint8Array = NOTHING): Uint8Array {
  const { sourcePort = 40000, destinationPort = 80, seq = 1, ack = 1, window = 512 } = fields;
  const { flags = FLAG.ack, options = NOTHING } = fields;
  const { dataOffset = 5 + options.length / 4 } = fields;
  return concat(
    uint16(sourcePort, destinationPort),
    uint32(seq, ack),
    uint8(dataOffset << 4, flags),
    uint16(window, 0, 0),
    options,
    payload,
  );
}

/** TCP options, one by one; put them together with `concat` to a multiple of 4 bytes. */
export const TCP_OPTION = {
  end: uint8(0),
  nop: uint8(1),
  mss: (value: number) => concat(uint8(2, 4), uint16(value)),
  windowScale: (shift: number) => uint8(3, 3, shift),
  sackPermitted: uint8(4, 2),
  sack: (left: number, right: number) => concat(uint8(5, 10), uint32(left, right)),
  timestamps: ({ tsval = 1, tsecr = 0 }) => concat(uint8(8, 10), uint32(tsval, tsecr)),
};

/** What Linux puts in a SYN. */
export function synOptions({ mss = 1460, tsval = 1, tsecr = 0, windowScale = 7 }): Uint8Array {
  return concat(
    TCP_OPTION.mss(mss),
    TCP_OPTION.sackPermitted,
    TCP_OPTION.timestamps({ tsval, tsecr }),
    TCP_OPTION.nop,
    TCP_OPTION.windowScale(windowScale),
  );
}

/** What Linux puts in every other segment. */
export function timestampOptions(values: { tsval?: number; tsecr?: number }): Uint8Array {
  return concat(TCP_OPTION.nop, TCP_OPTION.nop, TCP_OPTION.timestamps(values));
}

export interface UdpFields {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Default: of header and payload. */
  readonly length?: number;
}

export function buildUdp(fields: UdpFields, payload: Uint8Array = NOTHING): Uint8Array {
  const { sourcePort = 40000, destinationPort = 53, length = 8 + payload.length } = fields;
  return concat(uint16(sourcePort, destinationPort, length, 0), payload);
}

export function buildSctp(
  { sourcePort = 40000, destinationPort = 38412 },
  payload: Uint8Array = NOTHING,
): Uint8Array {
  return concat(uint16(sourcePort, destinationPort), uint32(1, 0), payload);
}

export interface IcmpFields {
  readonly type: number;
  readonly code?: number;
  /** The four bytes behind the checksum: identifier and sequence number, MTU, or unused. */
  readonly rest?: Uint8Array;
}

/** ICMP and ICMPv6 alike. */
export function buildIcmp(fields: IcmpFields, payload: Uint8Array = NOTHING): Uint8Array {
  const { type, code = 0, rest = uint32(0) } = fields;
  return concat(uint8(type, code), uint16(0), rest, payload);
}

/** An ICMP echo request (8, or 128 in ICMPv6) or reply. */
export function buildEcho(
  { type = 8, id = 1, seq = 1 },
  payload: Uint8Array = NOTHING,
): Uint8Array {
  return buildIcmp({ type, rest: uint16(id, seq) }, payload);
}
