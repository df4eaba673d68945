/** A classic pcap of made-up TCP connections over Ethernet, many open at once. */
import { closeSync, openSync, writeSync } from "node:fs";

/** Connections open at a time: the next packet is one of theirs in turn. */
const OPEN_AT_ONCE = 1000;
const BLOCK_BYTES = 1 << 20;
const ETHERNET = 14;
const IP = 20;
const TCP = 32;
const HEADERS = ETHERNET + IP + TCP;

const FIN = 1;
const SYN = 2;
const PSH = 8;
const ACK = 16;

/** How long a packet takes from before NAT to behind it, ns. */
const TRANSLATION_NS = 50_300;

/**
 * @param {{ path: string, connections: number, packetsEach: number, isBehindNat?: boolean }} options
 *   `packetsEach`: 9, and 3 for each further request, reply and acknowledgement; `isBehindNat`: the
 *   same connections where both ends are translated
 * @returns {number} packets written
 */
export function generate({ path, connections, packetsEach, isBehindNat = false }) {
  const writer = new PcapWriter(path, isBehindNat ? TRANSLATION_NS : 0);
  const script = scriptOf(packetsEach);
  let packets = 0;
  for (let first = 0; first < connections; first += OPEN_AT_ONCE) {
    const open = Math.min(OPEN_AT_ONCE, connections - first);
    const states = Array.from({ length: open }, (_, at) => {
      return begin(first + at, isBehindNat);
    });
    for (const step of script) {
      for (const state of states) {
        writer.packet(state, step);
        packets++;
      }
    }
  }
  writer.close();
  return packets;
}

/** @param {number} packets */
function scriptOf(packets) {
  const steps = [
    { up: true, flags: SYN, payload: 0 },
    { up: false, flags: SYN | ACK, payload: 0 },
    { up: true, flags: ACK, payload: 0 },
  ];
  for (let left = packets - 6; left > 0; left -= 3) {
    steps.push(
      { up: true, flags: PSH | ACK, payload: 180 },
      { up: false, flags: PSH | ACK, payload: 320 },
      { up: true, flags: ACK, payload: 0 },
    );
  }
  steps.push(
    { up: true, flags: FIN | ACK, payload: 0 },
    { up: false, flags: FIN | ACK, payload: 0 },
    { up: true, flags: ACK, payload: 0 },
  );
  return steps;
}

/**
 * @param {number} number of the connection
 * @param {boolean} isBehindNat
 */
function begin(number, isBehindNat) {
  const tuple = isBehindNat ? translated(number) : dialled(number);
  return {
    ...tuple,
    seq: [Math.imul(number, 2654435761) >>> 0, Math.imul(number + 1, 40503) >>> 0],
    ids: [number & 0xffff, 0],
  };
}

/** @param {number} number of the connection */
function dialled(number) {
  return {
    client: 0x0a000000 + (number >>> 4) + 1,
    clientPort: 32768 + ((number * 7919) & 0x7fff),
    server: 0x0a800000 + (number & 0xff),
    serverPort: 8080,
    ttl: 64,
  };
}

/** Masqueraded as one of a few nodes, to a pod. @param {number} number of the connection */
function translated(number) {
  return {
    client: 0xac100000 + ((number * 31) & 0x3f),
    clientPort: 1024 + ((number * 40503) % 64511),
    server: 0x0af40000 + ((number * 7) & 0xfff),
    serverPort: 80,
    ttl: 63,
  };
}

class PcapWriter {
  #file;
  #bytes = Buffer.alloc(BLOCK_BYTES);
  #at = 0;
  #time;

  /**
   * @param {string} path
   * @param {number} startNs
   */
  constructor(path, startNs) {
    this.#time = startNs;
    this.#file = openSync(path, "w");
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b23c4d, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(262144, 16);
    header.writeUInt32LE(1, 20);
    writeSync(this.#file, header);
  }

  /**
   * @param {ReturnType<typeof begin>} state
   * @param {{ up: boolean, flags: number, payload: number }} step
   */
  packet(state, { up, flags, payload }) {
    const length = HEADERS + payload;
    if (this.#at + 16 + length > BLOCK_BYTES) this.#flush();
    const bytes = this.#bytes;
    const record = this.#at;
    this.#time += 1000;
    bytes.writeUInt32LE(1_700_000_000 + Math.floor(this.#time / 1e9), record);
    bytes.writeUInt32LE(this.#time % 1e9, record + 4);
    bytes.writeUInt32LE(length, record + 8);
    bytes.writeUInt32LE(length, record + 12);
    const ip = record + 16 + ETHERNET;
    bytes.fill(0x22, record + 16, ip);
    bytes.writeUInt16BE(0x0800, ip - 2);
    const [me, other] = up ? [0, 1] : [1, 0];
    bytes.writeUInt16BE(0x4500, ip);
    bytes.writeUInt16BE(length - ETHERNET, ip + 2);
    bytes.writeUInt16BE((state.ids[me] += 1) & 0xffff, ip + 4);
    bytes.writeUInt32BE(0x40000006 | (state.ttl << 8), ip + 6);
    bytes.writeUInt16BE(0, ip + 10);
    bytes.writeUInt32BE(up ? state.client : state.server, ip + 12);
    bytes.writeUInt32BE(up ? state.server : state.client, ip + 16);
    const tcp = ip + IP;
    bytes.writeUInt16BE(up ? state.clientPort : state.serverPort, tcp);
    bytes.writeUInt16BE(up ? state.serverPort : state.clientPort, tcp + 2);
    bytes.writeUInt32BE(state.seq[me], tcp + 4);
    bytes.writeUInt32BE((flags & ACK) === 0 ? 0 : state.seq[other], tcp + 8);
    bytes.writeUInt16BE(0x8000 | flags, tcp + 12);
    bytes.writeUInt32BE(0xffff0000, tcp + 14);
    bytes.writeUInt32BE(0x0101080a, tcp + 20);
    bytes.writeUInt32BE(Math.floor(this.#time / 1e6), tcp + 24);
    bytes.writeUInt32BE(0, tcp + 28);
    bytes.fill(0x61, tcp + TCP, tcp + TCP + payload);
    const occupied = payload + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
    state.seq[me] = (state.seq[me] + occupied) >>> 0;
    this.#at = record + 16 + length;
  }

  #flush() {
    writeSync(this.#file, this.#bytes, 0, this.#at);
    this.#at = 0;
  }

  close() {
    this.#flush();
    closeSync(this.#file);
  }
}
