/** The options at the end of a pcapng block: code, length, value padded to 32 bits. */

// draft-ietf-opsawg-pcapng "Options". Offsets in bytes.
const CODE = 0;
const LENGTH = 2;
const OPTION_HEADER_BYTES = 4;
const END_OF_OPTIONS = 0;

export interface OptionsPlace {
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
  readonly littleEndian: boolean;
}

export interface PcapngOption {
  readonly code: number;
  /** Where the value starts in the view. */
  readonly at: number;
  readonly lengthBytes: number;
}

/** The options in file order. Ends quietly at one that does not fit: the block's length rules. */
export function* pcapngOptions(place: OptionsPlace): Generator<PcapngOption> {
  const { view, end, littleEndian } = place;
  let at = place.start;
  while (end - at >= OPTION_HEADER_BYTES) {
    const code = view.getUint16(at + CODE, littleEndian);
    const lengthBytes = view.getUint16(at + LENGTH, littleEndian);
    at += OPTION_HEADER_BYTES;
    if (code === END_OF_OPTIONS || lengthBytes > end - at) return;
    yield { code, at, lengthBytes };
    at += padded(lengthBytes);
  }
}

/**
 * The value of a 32-bit option, or 0. It allocates nothing: packets of some interfaces all carry
 * epb_flags.
 */
export function findUint32({ view, start, end, littleEndian }: OptionsPlace, code: number): number {
  let at = start;
  while (end - at >= OPTION_HEADER_BYTES) {
    const found = view.getUint16(at + CODE, littleEndian);
    const lengthBytes = view.getUint16(at + LENGTH, littleEndian);
    at += OPTION_HEADER_BYTES;
    if (found === END_OF_OPTIONS || lengthBytes > end - at) return 0;
    if (found === code && lengthBytes === 4) return view.getUint32(at, littleEndian);
    at += padded(lengthBytes);
  }
  return 0;
}

/** Rounded up to the 32 bits that pcapng aligns to. */
export function padded(lengthBytes: number): number {
  return (lengthBytes + 3) & ~3;
}
