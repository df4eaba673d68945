import type { MutableInterface } from "./capture-tally.js";
import { MAX_NAME_CHARACTERS, recordLimit } from "./limits.js";
import { PcapngClock } from "./pcapng-clock.js";
import { pcapngOptions, type OptionsPlace } from "./pcapng-options.js";

// draft-ietf-opsawg-pcapng "Interface Description Block": body offsets, then option codes.
const LINKTYPE = 0;
const SNAPLEN = 4;
const OPTIONS = 8;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;

// "Interface Statistics Block".
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;

const MICROSECONDS = 6;

/** An interface of one pcapng section, with what its packets need. */
export interface PcapngInterface {
  /** Its place in `CaptureSummary.interfaces`. */
  readonly id: number;
  readonly linktype: number;
  /** Bytes kept of each packet; 0 means no limit. */
  readonly snaplen: number;
  /** The largest captured length believed of its packets, in bytes. */
  readonly limitBytes: number;
  readonly clock: PcapngClock;
}

/** Reads the body of an interface description block; `described` is what the summary shows of it. */
export function readInterface(
  body: OptionsPlace,
  id: number,
): { readonly used: PcapngInterface; readonly described: MutableInterface } {
  const { view, start, littleEndian } = body;
  const linktype = view.getUint16(start + LINKTYPE, littleEndian);
  const snaplen = view.getUint32(start + SNAPLEN, littleEndian);
  let name: string | undefined;
  let description: string | undefined;
  let resolution = MICROSECONDS;
  let offsetSeconds = 0n;
  for (const { code, at, lengthBytes } of pcapngOptions({ ...body, start: start + OPTIONS })) {
    if (code === IF_NAME) name = text(view, at, lengthBytes);
    if (code === IF_DESCRIPTION) description = text(view, at, lengthBytes);
    if (code === IF_TSRESOL && lengthBytes === 1) resolution = view.getUint8(at);
    if (code === IF_TSOFFSET && lengthBytes === 8)
      offsetSeconds = view.getBigInt64(at, littleEndian);
  }
  const clock = new PcapngClock({ resolution, offsetSeconds });
  return {
    used: { id, linktype, snaplen, limitBytes: recordLimit(snaplen), clock },
    described: { linktype, snaplen, name, description, dropped: undefined },
  };
}

/**
 * Packets that the interface and the operating system dropped, from the options of an interface
 * statistics block; undefined when it counts neither, or more than a number holds exactly, which no
 * interface ever dropped. The counts run from the start of the capture.
 */
export function readDropped(options: OptionsPlace): number | undefined {
  let dropped: number | undefined;
  for (const { code, at, lengthBytes } of pcapngOptions(options)) {
    if ((code === ISB_IFDROP || code === ISB_OSDROP) && lengthBytes === 8) {
      dropped = (dropped ?? 0) + Number(options.view.getBigUint64(at, options.littleEndian));
    }
  }
  return Number.isSafeInteger(dropped) ? dropped : undefined;
}

/** A value as UTF-8 that ends at its first NUL, which some writers count and the draft does not. */
function text(view: DataView, at: number, lengthBytes: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, lengthBytes);
  const decoded = new TextDecoder().decode(bytes);
  const [beforeNul = ""] = decoded.split("\0");
  return beforeNul.slice(0, MAX_NAME_CHARACTERS);
}
