/** pcap-parser 0.2.1 comes without types. Only what `pcap-parser-guard.ts` uses. */
declare module "pcap-parser" {
  import type { EventEmitter } from "node:events";

  export interface PacketHeader {
    readonly timestampSeconds: number;
    /** Nanoseconds in a nanosecond file whose magic number was rewritten. */
    readonly timestampMicroseconds: number;
    readonly capturedLength: number;
    readonly originalLength: number;
  }

  export interface Parser extends EventEmitter {
    /** Not documented: what it was fed and has not used yet. */
    buffer: Buffer | null;
    on(event: "packetHeader", listener: (header: PacketHeader) => void): this;
    on(event: "packet", listener: (packet: { header: PacketHeader; data: Buffer }) => void): this;
  }

  /** The stream may be anything that emits "data". */
  export function parse(stream: EventEmitter): Parser;
}
