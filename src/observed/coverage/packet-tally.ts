/** Counts over single packets that only `doctor` asks for: offloads and what they look like. */
import { IP_PROTOCOL } from "#net/protocol.js";
import type { CaptureRecord } from "#observed/capture/record.js";
import type { DecodedPacket, IpPacket } from "#observed/decode/packet.js";
import { checksumKind, type ChecksumKind } from "./checksum.js";

/** What Ethernet carries without jumbo frames, in bytes of IP packet (RFC 894). */
const ETHERNET_MTU = 1500;
const IP_HEADER_BYTES = { 4: 20, 6: 40 } as const;

export interface PacketCounts {
  /** TCP and UDP packets, those in tunnels and those around them too. */
  readonly checksums: Readonly<Record<ChecksumKind, number>>;
  /** Of the wrong ones those around a tunnel: local checksum offload leaves them so. */
  readonly wrongOuter: number;
  readonly tcp: number;
  /** TCP over IPv4 with identification 0. */
  readonly withoutId: number;
  /** TCP packets that are longer than Ethernet's MTU. */
  readonly superPackets: number;
  /** Bytes of the longest of them, IP header without options included; 0 without any. */
  readonly longest: number;
}

export class PacketTally {
  readonly #checksums = { valid: 0, partial: 0, none: 0, wrong: 0, unread: 0 };
  #wrongOuter = 0;
  #tcp = 0;
  #withoutId = 0;
  #superPackets = 0;
  #longest = 0;

  add({ bytes }: CaptureRecord, decoded: DecodedPacket): void {
    for (let depth = 0; depth < decoded.depth; depth++) {
      const packet = decoded.ip[depth];
      if (packet === undefined) return;
      const kind = checksumKind(bytes, packet);
      this.#checksums[kind]++;
      if (kind === "wrong" && depth + 1 < decoded.depth) this.#wrongOuter++;
      if (packet.protocol === IP_PROTOCOL.tcp && packet.hasTransport) this.#addTcp(packet);
    }
  }

  #addTcp(packet: IpPacket): void {
    this.#tcp++;
    if (packet.version === 4 && packet.id === 0) this.#withoutId++;
    const header = packet.payloadOffset - packet.transportOffset;
    const length = IP_HEADER_BYTES[packet.version] + header + packet.payloadLength;
    if (length <= ETHERNET_MTU) return;
    this.#superPackets++;
    this.#longest = Math.max(this.#longest, length);
  }

  counts(): PacketCounts {
    return {
      checksums: { ...this.#checksums },
      wrongOuter: this.#wrongOuter,
      tcp: this.#tcp,
      withoutId: this.#withoutId,
      superPackets: this.#superPackets,
      longest: this.#longest,
    };
  }
}
