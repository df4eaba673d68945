import { ascii, ByteWriter } from "./capture-bytes.js";

export type OptionSpec = readonly [code: number, value: Iterable<number>];

/** Writes one section of pcapng; sections are joined with `concat`. Block types and option codes are the draft's. */
export class PcapngSection {
  readonly littleEndian: boolean;
  readonly #out: ByteWriter;

  constructor({
    littleEndian = true,
    version = [1, 0],
  }: { readonly littleEndian?: boolean; readonly version?: readonly [number, number] } = {}) {
    this.littleEndian = littleEndian;
    this.#out = new ByteWriter({ littleEndian });
    this.block(0x0a0d0d0a, (out) =>
      out
        .u32(0x1a2b3c4d)
        .u16(...version)
        .u64(-1n),
    );
  }

  /** Any block; `trailer` lies about its length at the end. */
  block(type: number, fill: (out: ByteWriter) => unknown, trailer?: number): this {
    const body = new ByteWriter({ littleEndian: this.littleEndian });
    fill(body);
    body.pad();
    const total = body.length + 12;
    this.#out
      .u32(type, total)
      .raw(body.done())
      .u32(trailer ?? total);
    return this;
  }

  interface(
    spec: {
      readonly linktype?: number;
      readonly snaplen?: number;
      readonly options?: readonly OptionSpec[];
    } = {},
  ): this {
    return this.block(1, (out) => {
      out.u16(spec.linktype ?? 1, 0).u32(spec.snaplen ?? 262_144);
      writeOptions(out, spec.options);
    });
  }

  enhancedPacket(spec: {
    readonly interfaceId?: number;
    /** In the interface's unit. */
    readonly time?: bigint;
    readonly data?: Iterable<number>;
    readonly capturedLength?: number;
    readonly originalLength?: number;
    readonly options?: readonly OptionSpec[];
  }): this {
    const data = [...(spec.data ?? [])];
    const time = spec.time ?? 0n;
    return this.block(6, (out) => {
      out.u32(spec.interfaceId ?? 0, Number(time >> 32n), Number(time & 0xffffffffn));
      const captured = spec.capturedLength ?? data.length;
      out
        .u32(captured, spec.originalLength ?? captured)
        .raw(data)
        .pad();
      writeOptions(out, spec.options);
    });
  }

  simplePacket(spec: { readonly data: Iterable<number>; readonly originalLength?: number }): this {
    const data = [...spec.data];
    return this.block(3, (out) => out.u32(spec.originalLength ?? data.length).raw(data));
  }

  statistics(spec: {
    readonly interfaceId?: number;
    readonly options: readonly OptionSpec[];
  }): this {
    return this.block(5, (out) => {
      out.u32(spec.interfaceId ?? 0, 0, 0);
      writeOptions(out, spec.options);
    });
  }

  /** A number as an option's value, in the section's byte order. */
  value(bits: 32 | 64, value: bigint): Uint8Array {
    const out = new ByteWriter({ littleEndian: this.littleEndian });
    return (bits === 32 ? out.u32(Number(value)) : out.u64(value)).done();
  }

  done(): Uint8Array {
    return this.#out.done();
  }
}

export const text = (value: string): Uint8Array => ascii(value);

function writeOptions(out: ByteWriter, options: readonly OptionSpec[] | undefined): void {
  if (options === undefined) return;
  for (const [code, value] of options) {
    const bytes = [...value];
    out.u16(code, bytes.length).raw(bytes).pad();
  }
  out.u32(0);
}
