/** A pcapng file as text, block by block: read apart from our own reader, which passes comments over. */

export interface PcapngBlock {
  readonly type: number;
  readonly body: DataView;
}

export interface PcapngOption {
  readonly code: number;
  readonly value: Uint8Array;
}

/** What our writer makes: one little-endian section. Throws where lengths do not agree. */
export function pcapngBlocks(file: Uint8Array): readonly PcapngBlock[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const blocks: PcapngBlock[] = [];
  for (let at = 0; at < file.length;) {
    const total = view.getUint32(at + 4, true);
    const trailer = view.getUint32(at + total - 4, true);
    if (total % 4 !== 0 || trailer !== total) throw new Error(`block at byte ${at}: ${total}`);
    const body = new DataView(file.buffer, file.byteOffset + at + 8, total - 12);
    blocks.push({ type: view.getUint32(at, true), body });
    at += total;
  }
  return blocks;
}

/** Bytes of the fixed part of each block type; a packet's data follows it. */
const FIXED: Readonly<Record<number, number>> = { 0x0a0d0d0a: 16, 1: 8, 6: 20 };

export function optionsOf({ type, body }: PcapngBlock): readonly PcapngOption[] {
  const dataBytes = type === 6 ? body.getUint32(12, true) : 0;
  const options: PcapngOption[] = [];
  const fixedBytes = FIXED[type];
  if (fixedBytes === undefined) return options;
  for (let at = fixedBytes + Math.ceil(dataBytes / 4) * 4; at < body.byteLength;) {
    const code = body.getUint16(at, true);
    const lengthBytes = body.getUint16(at + 2, true);
    if (code === 0) break;
    const value = new Uint8Array(body.buffer, body.byteOffset + at + 4, lengthBytes);
    options.push({ code, value });
    at += 4 + Math.ceil(lengthBytes / 4) * 4;
  }
  return options;
}

/** `opt_comment`s of any block. */
export function commentsOf(block: PcapngBlock): readonly string[] {
  return optionsOf(block)
    .filter(({ code }) => code === 1)
    .map(({ value }) => utf8(value));
}

export function packetBytes({ body }: PcapngBlock): Uint8Array {
  return new Uint8Array(body.buffer, body.byteOffset + 20, body.getUint32(12, true));
}

export function pcapngText(file: Uint8Array): string {
  return pcapngBlocks(file).map(describeBlock).join("");
}

function describeBlock(block: PcapngBlock): string {
  const { type, body } = block;
  const comments = commentsOf(block).map((text) => `    comment   ${text}\n`);
  const texts = optionsOf(block).map(({ value }) => utf8(value));
  switch (type) {
    case 0x0a0d0d0a:
      return `section by ${texts.at(-1)}\n${comments.join("")}`;
    case 1:
      return `interface ${texts[0]}: ${texts[1]}; linktype ${body.getUint16(0, true)}, snaplen ${body.getUint32(4, true)}\n`;
    case 4:
      return `names\n${describeNames(body)}`;
    default: {
      const time = (BigInt(body.getUint32(4, true)) << 32n) | BigInt(body.getUint32(8, true));
      const lengths = `${body.getUint32(12, true)} of ${body.getUint32(16, true)} bytes`;
      return `packet at interface ${body.getUint32(0, true)}, ${time} ns, ${lengths}\n${comments.join("")}`;
    }
  }
}

function describeNames(body: DataView): string {
  const lines: string[] = [];
  for (let at = 0; at < body.byteLength;) {
    const type = body.getUint16(at, true);
    const lengthBytes = body.getUint16(at + 2, true);
    const value = new Uint8Array(body.buffer, body.byteOffset + at + 4, lengthBytes);
    if (type === 0) break;
    const addressBytes = type === 1 ? 4 : 16;
    const address = [...value.subarray(0, addressBytes)].join(".");
    const names = utf8(value.subarray(addressBytes)).split("\0").slice(0, -1);
    lines.push(`    ${address} ${names.join(" ")}\n`);
    at += 4 + Math.ceil(lengthBytes / 4) * 4;
  }
  return lines.join("");
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
