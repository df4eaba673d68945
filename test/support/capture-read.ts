import type { BlockSource } from "#observed/capture/byte-source.js";
import { readAny } from "#observed/capture/read-any.js";
import { readCapture } from "#observed/capture/read-capture.js";
import { readCaptureStream } from "#observed/capture/read-capture-stream.js";
import type { CaptureRecord } from "#observed/capture/record.js";
import type { CaptureSummary } from "#observed/capture/summary.js";

/** A copy of a `CaptureRecord`, with the packet's bytes in hex. */
export interface ReadRecord {
  readonly number: number;
  readonly time: number;
  readonly capturedLength: number;
  readonly originalLength: number;
  readonly linktype: number;
  readonly interfaceId: number;
  readonly direction: number;
  readonly data: string;
}

export interface ReadFile {
  readonly records: readonly ReadRecord[];
  readonly summary: CaptureSummary;
}

export function blockSource(bytes: Uint8Array, name = "file.pcap"): BlockSource {
  let position = 0;
  return {
    name,
    read(target, at) {
      const count = Math.min(target.length - at, bytes.length - position);
      target.set(bytes.subarray(position, position + count), at);
      position += count;
      return count;
    },
  };
}

export async function* chunksOf(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield bytes.subarray(at, at + chunkBytes);
  }
}

/** Through the block reader. */
export function readFile(bytes: Uint8Array): ReadFile {
  const records: ReadRecord[] = [];
  const summary = readCapture(blockSource(bytes), (record) => records.push(copy(record)));
  return { records, summary };
}

/** Through the stream reader, in chunks of this size. */
export async function readStream(bytes: Uint8Array, chunkBytes: number): Promise<ReadFile> {
  const records: ReadRecord[] = [];
  const source = { name: "file.pcap", chunks: chunksOf(bytes, chunkBytes) };
  const summary = await readCaptureStream(source, (record) => records.push(copy(record)));
  return { records, summary };
}

/** Through the dispatcher: as a file, or as a stream when chunks are asked for. */
export async function readAnything(bytes: Uint8Array, chunkBytes?: number): Promise<ReadFile> {
  const records: ReadRecord[] = [];
  const source =
    chunkBytes === undefined
      ? blockSource(bytes)
      : { name: "file.pcap", chunks: chunksOf(bytes, chunkBytes) };
  const summary = await readAny(source, (record) => records.push(copy(record)));
  return { records, summary };
}

function copy(record: CaptureRecord): ReadRecord {
  const { number, time, capturedLength, originalLength } = record;
  const { linktype, interfaceId, direction, bytes, offset } = record;
  const data = Buffer.from(bytes.subarray(offset, offset + capturedLength)).toString("hex");
  return {
    number,
    time,
    capturedLength,
    originalLength,
    linktype,
    interfaceId,
    direction,
    data,
  };
}
