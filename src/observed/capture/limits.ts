/** What no header is believed beyond. Memory follows these figures and the bytes that really come. */

/** What is read at once, and what a reader holds as long as no record is larger. */
export const BLOCK_BYTES = 1 << 20;

/**
 * The captured length that Wireshark (WTAP_MAX_PACKET_SIZE_STANDARD) and tcpdump (MAXIMUM_SNAPLEN)
 * allow a packet of a network. A file that declares a larger snaplen is believed up to
 * MAX_RECORD_BYTES.
 */
const USUAL_RECORD_BYTES = 262_144;

/** The largest packet we hold, whatever a file declares. */
export const MAX_RECORD_BYTES = 1 << 24;

/** The largest pcapng block: a packet with its header and options. Wireshark stops at 16 MiB too. */
export const MAX_BLOCK_BYTES = MAX_RECORD_BYTES + (1 << 16);

/** Interfaces of one file over all its sections: each takes memory. */
export const MAX_INTERFACES = 65_536;

/** Characters kept of an interface's name or description. */
export const MAX_NAME_CHARACTERS = 256;

/** How far into a file we look for a header behind text, and watch its line ends. */
export const TEXT_SCAN_BYTES = 65_536;

/** The largest captured length that we believe of a file with this snaplen. */
export function recordLimit(snaplen: number): number {
  return Math.min(Math.max(snaplen, USUAL_RECORD_BYTES), MAX_RECORD_BYTES);
}
