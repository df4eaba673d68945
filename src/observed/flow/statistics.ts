/** What of the records could not be followed as a connection, counted. */
import { formatIpv4, type Address } from "#net/address.js";
import type { CaptureRecord } from "#observed/capture/record.js";
import type { Arp, DecodedPacket } from "#observed/decode/packet.js";
import type { DecodeStop } from "#observed/decode/stop.js";
import type { PacketReference } from "./connection.js";
import type { FileSeries } from "./file-series.js";

/** Kinds of stop that are told apart; the others are counted together. */
export const MAX_STOP_KINDS = 256;
/** Addresses whose ARP requests are told apart. */
export const MAX_ARP_TARGETS = 4096;

const ARP_REQUEST = 1;
const ARP_REPLY = 2;

export interface FlowStatistics {
  readonly records: number;
  /** Records without an IP packet: ARP, LLDP, a cut or unknown link layer. */
  readonly withoutIp: number;
  /** Packets with ports whose ports the capture does not hold. */
  readonly withoutPorts: number;
  /** Packets of connections beyond the limit. */
  readonly overflow: number;
  /** Later IP fragments whose first was not seen. */
  readonly fragmentsWithoutFirst: number;
  readonly stops: readonly StopCount[];
  /** Stops of further kinds, beyond `MAX_STOP_KINDS`. */
  readonly otherStops: number;
  readonly arp: ArpStatistics;
}

export interface StopCount extends Omit<DecodeStop, "offset"> {
  readonly packets: number;
  readonly first: PacketReference;
}

export interface ArpStatistics {
  readonly requests: number;
  readonly replies: number;
  /** Targets that were asked for and never answered, in the order of their addresses. */
  readonly unanswered: readonly UnansweredArp[];
}

export interface UnansweredArp {
  readonly target: Address;
  readonly requests: number;
  readonly first: PacketReference;
}

export class DecodeStatistics {
  readonly #series: FileSeries;
  readonly #stops = new Map<string, { stop: DecodeStop; packets: number; first: number }>();
  readonly #arpTargets = new Map<number, { requests: number; answered: boolean; first: number }>();
  #otherStops = 0;
  #arpRequests = 0;
  #arpReplies = 0;
  records = 0;
  withoutIp = 0;
  withoutPorts = 0;
  overflow = 0;

  constructor(series: FileSeries) {
    this.#series = series;
  }

  add({ number }: CaptureRecord, decoded: DecodedPacket): void {
    this.records++;
    if (decoded.depth === 0) this.withoutIp++;
    if (decoded.stop !== undefined) this.#addStop(decoded.stop, number);
    if (decoded.arp !== undefined) this.#addArp(decoded.arp, number);
  }

  #addStop(stop: DecodeStop, number: number): void {
    const key = `${stop.kind} ${stop.layer} ${stop.reason}`;
    const known = this.#stops.get(key);
    if (known !== undefined) known.packets++;
    else if (this.#stops.size >= MAX_STOP_KINDS) this.#otherStops++;
    else this.#stops.set(key, { stop, packets: 1, first: this.#series.ordinal(number) });
  }

  /** A reply, or any message of its own, shows that an address is there (RFC 826, RFC 5227 §3). */
  #addArp({ operation, senderAddress, targetAddress }: Arp, number: number): void {
    if (operation === ARP_REPLY) this.#arpReplies++;
    if (operation === ARP_REQUEST) this.#arpRequests++;
    const sender = this.#arpTargets.get(senderAddress);
    if (sender !== undefined) sender.answered = true;
    if (operation !== ARP_REQUEST || senderAddress === targetAddress) return;
    const target = this.#arpTargets.get(targetAddress);
    if (target !== undefined) target.requests++;
    else if (this.#arpTargets.size < MAX_ARP_TARGETS) {
      const first = this.#series.ordinal(number);
      this.#arpTargets.set(targetAddress, { requests: 1, answered: false, first });
    }
  }

  summary(fragmentsWithoutFirst: number): FlowStatistics {
    const { records, withoutIp, withoutPorts, overflow } = this;
    const stops = [...this.#stops.values()].map(({ stop, packets, first }) => {
      const { kind, layer, reason } = stop;
      return { kind, layer, reason, packets, first: this.#reference(first) };
    });
    return {
      records,
      withoutIp,
      withoutPorts,
      overflow,
      fragmentsWithoutFirst,
      stops,
      otherStops: this.#otherStops,
      arp: {
        requests: this.#arpRequests,
        replies: this.#arpReplies,
        unanswered: this.#unanswered(),
      },
    };
  }

  #unanswered(): readonly UnansweredArp[] {
    return [...this.#arpTargets]
      .filter(([, { answered }]) => !answered)
      .sort(([a], [b]) => a - b)
      .map(([target, { requests, first }]) => ({
        target: formatIpv4(target),
        requests,
        first: this.#reference(first),
      }));
  }

  #reference(ordinal: number): PacketReference {
    return this.#series.reference(ordinal) ?? { file: "", packet: 0 };
  }
}
