/** tar archives made by hand, with what no tar would write (POSIX.1-2017, pax, ustar interchange format). */

export interface TarEntry {
  readonly path: string;
  readonly bytes?: Uint8Array | string;
  /** `0` a file, `1` a hard link, `2` a link, `3` a device, `5` a folder, `L` a GNU long name, `x` pax. */
  readonly type?: string;
  readonly link?: string;
  /** What the header claims; the bytes' own length without. */
  readonly size?: number;
  /** The size field as it is, for what no number is. */
  readonly rawSize?: Uint8Array;
}

const BLOCK = 512;

/** With the two empty blocks that end an archive. */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(entryBytes), Buffer.alloc(2 * BLOCK)]);
}

/** A record of a pax header: its own length first. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const digits = String(Buffer.byteLength(rest) + 2).length;
  return `${Buffer.byteLength(rest) + digits}${rest}`;
}

function entryBytes(entry: TarEntry): Buffer {
  const bytes = Buffer.from(entry.bytes ?? "");
  const padding = (BLOCK - (bytes.length % BLOCK)) % BLOCK;
  return Buffer.concat([header(entry, bytes.length), bytes, Buffer.alloc(padding)]);
}

function header({ path, type = "0", link = "", size, rawSize }: TarEntry, length: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0, 100);
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${(size ?? length).toString(8).padStart(11, "0")}\0`, 124);
  if (rawSize) block.set(rawSize, 124);
  block.write("00000000000\0", 136);
  block.write("        ", 148);
  block.write(type, 156);
  block.write(link, 157, 100);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
