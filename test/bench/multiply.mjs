/** A recorded capture many times over: each copy has a client, sequence numbers and times of its own. */
import { readFileSync, writeFileSync } from "node:fs";

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** By link type: where the IP header starts. Ethernet, Linux cooked v1 and v2. */
const LINK_BYTES = new Map([
  [1, 14],
  [113, 16],
  [276, 20],
]);
const TCP = 6;
/** Between copies, ns. */
const APART_NS = 2_000_000;

/**
 * Of the TCP connections with `client`, an IPv4 address as a number; everything else is left out.
 * Copy n comes from `client` + n + 1.
 * @param {{ from: string, to: string, client: number, copies: number }} options
 * @returns {number} packets written
 */
export function multiply({ from, to, client, copies }) {
  const file = readFileSync(from);
  const records = recordsOf(file, client);
  const out = [file.subarray(0, FILE_HEADER)];
  const all = [];
  for (let copy = 0; copy < copies; copy++) {
    for (const record of records) all.push({ record, copy, time: record.time + copy * APART_NS });
  }
  all.sort((a, b) => a.time - b.time);
  for (const { record, copy, time } of all) out.push(copyOf(record, { copy, time, client }));
  writeFileSync(to, Buffer.concat(out));
  return all.length;
}

/** @param {Buffer} file @param {number} client */
function recordsOf(file, client) {
  const isNano = file.readUInt32LE(0) === 0xa1b23c4d;
  const link = LINK_BYTES.get(file.readUInt32LE(20) & 0xffff);
  if (link === undefined) throw new Error("link type of the recorded capture");
  const base = file.length > FILE_HEADER ? file.readUInt32LE(FILE_HEADER) : 0;
  const records = [];
  for (let at = FILE_HEADER; at < file.length;) {
    const end = at + RECORD_HEADER + file.readUInt32LE(at + 8);
    const ip = at + RECORD_HEADER + link;
    const isOurs =
      file.length > ip + 40 &&
      file[ip] === 0x45 &&
      file[ip + 9] === TCP &&
      [12, 16].some((offset) => file.readUInt32BE(ip + offset) === client);
    const sub = file.readUInt32LE(at + 4) * (isNano ? 1 : 1000);
    const time = (file.readUInt32LE(at) - base) * 1e9 + sub;
    if (isOurs) records.push({ bytes: file.subarray(at, end), ip: ip - at, time, base, isNano });
    at = end;
  }
  return records;
}

/** @param {ReturnType<typeof recordsOf>[number]} record @param {{ copy: number, time: number, client: number }} of */
function copyOf({ bytes, ip, base, isNano }, { copy, time, client }) {
  const own = Buffer.from(bytes);
  own.writeUInt32LE(base + Math.floor(time / 1e9), 0);
  own.writeUInt32LE(Math.floor((time % 1e9) / (isNano ? 1 : 1000)), 4);
  const isFromClient = own.readUInt32BE(ip + 12) === client;
  own.writeUInt32BE(client + copy + 1, ip + (isFromClient ? 12 : 16));
  const tcp = ip + 20;
  const [seqBy, ackBy] = isFromClient ? [2654435761, 40503] : [40503, 2654435761];
  add(own, tcp + 4, Math.imul(copy, seqBy));
  if ((own.readUInt8(tcp + 13) & 0x10) !== 0) add(own, tcp + 8, Math.imul(copy, ackBy));
  return own;
}

/** @param {Buffer} bytes @param {number} at @param {number} by */
function add(bytes, at, by) {
  bytes.writeUInt32BE((bytes.readUInt32BE(at) + by) >>> 0, at);
}
