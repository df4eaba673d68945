/** What a file is, by its first bytes and never by its name. */

import type { BlockBuffer } from "./block-buffer.js";
import { TEXT_SCAN_BYTES } from "./limits.js";
import { isPlausibleVersion, pcapVariant } from "./pcap-header.js";
import { BYTE_ORDER_MAGIC, SECTION_HEADER } from "./pcapng.js";
import type { CaptureSummary } from "./summary.js";
import { FOREIGN_SNIFF_BYTES, isText, recogniseForeign } from "./foreign.js";

/** Bytes that decide whether a file is compressed. */
export const COMPRESSION_SNIFF_BYTES = 4;
/** Bytes that decide whether something is the header of a capture. */
const SNIFF_BYTES = 12;

const BYTE_ORDER_OFFSET = 8;

export type Compression = NonNullable<CaptureSummary["compression"]>;

/** gzip by RFC 1952 §2.3.1, zstd by RFC 8878 §3.1.1, whose skippable frames (§3.1.2) may come first. */
export function sniffCompression(bytes: Uint8Array): Compression | undefined {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  if (first === 0x1f && second === 0x8b) return "gzip";
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return "zstd";
  if (first >> 4 === 5 && second === 0x2a && third === 0x4d && fourth === 0x18) return "zstd";
  return undefined;
}

export type CaptureStart =
  | { readonly kind: "capture"; readonly format: "pcap" | "pcapng"; readonly textBytes: number }
  | { readonly kind: "more" }
  | { readonly kind: "other"; readonly what: string };

/** Looks for the header of a capture, as far as bytes have come. */
export class StartFinder {
  /** Bytes known to be text in front of any header. */
  #textBytes = 0;

  look(block: BlockBuffer, has: { readonly ended: boolean }): CaptureStart {
    const { available, start } = block;
    const first = formatAt(block, start);
    if (first !== undefined) return { kind: "capture", format: first, textBytes: 0 };
    if (available < SNIFF_BYTES && !has.ended) return { kind: "more" };
    const head = block.bytes.subarray(start, Math.min(block.end, start + TEXT_SCAN_BYTES));
    // `kubectl exec` and `kubectl debug` put "Defaulted container …" or a prompt in front.
    while (this.#textBytes < head.length) {
      const textBytes = this.#textBytes;
      const format = textBytes === 0 ? undefined : headerAt(block, start + textBytes);
      if (format !== undefined) return { kind: "capture", format, textBytes };
      const left = head.length - textBytes;
      if (left < SNIFF_BYTES && !has.ended && head.length < TEXT_SCAN_BYTES)
        return { kind: "more" };
      if (!isText(head[textBytes])) break;
      this.#textBytes++;
    }
    const isAllText = this.#textBytes === head.length;
    const wanted = isAllText ? TEXT_SCAN_BYTES : FOREIGN_SNIFF_BYTES;
    if (head.length < wanted && !has.ended) return { kind: "more" };
    return { kind: "other", what: recogniseForeign(head) };
  }
}

/** The format whose magic number stands at the very start: it needs no further proof. */
function formatAt({ view, end }: BlockBuffer, at: number): "pcap" | "pcapng" | undefined {
  if (end - at < 4) return undefined;
  if (view.getUint32(at) === SECTION_HEADER) return "pcapng";
  return pcapVariant(view, at) === undefined ? undefined : "pcap";
}

/** The format whose header stands behind text: four bytes could be there by chance. */
function headerAt(block: BlockBuffer, at: number): "pcap" | "pcapng" | undefined {
  const { view, end } = block;
  if (end - at < SNIFF_BYTES) return undefined;
  const format = formatAt(block, at);
  if (format === "pcap") return isPlausibleVersion(view, at) ? format : undefined;
  if (format === undefined) return undefined;
  const magic = view.getUint32(at + BYTE_ORDER_OFFSET);
  const swapped = view.getUint32(at + BYTE_ORDER_OFFSET, true);
  return magic === BYTE_ORDER_MAGIC || swapped === BYTE_ORDER_MAGIC ? format : undefined;
}
