/** What `-o` of `verify` may name: every report, and what takes packets from the captures again. */
import type { ReportFormat } from "#report/report-format.js";
import { REPORT_FORMATS } from "#report/report-formats.js";
import type { AnnotateInput } from "../pipeline.js";
import type { OutputFormat } from "./output-targets.js";

export type VerifyFormat = ReportFormat | PacketFormat;

export interface PacketFormat extends OutputFormat {
  readonly summary: string;
  readonly machine: true;
  readonly isBinary: true;
  /** Its code is loaded when it is used. */
  readonly load: () => Promise<WritePackets>;
}

export type WritePackets = (asked: AnnotateInput) => AsyncIterable<Uint8Array>;

/** To add one that takes packets: its line here. All others have theirs in `REPORT_FORMATS`. */
const PACKET_FORMATS: readonly PacketFormat[] = [
  {
    name: "pcapng",
    summary: "the packets behind failed checks, with comments, for Wireshark",
    machine: true,
    isBinary: true,
    load: loadPcapng,
  },
];

async function loadPcapng(): Promise<WritePackets> {
  return (await import("../pipeline.js")).annotateCaptures;
}

export const VERIFY_FORMATS: readonly [VerifyFormat, ...VerifyFormat[]] = [
  ...REPORT_FORMATS,
  ...PACKET_FORMATS,
];
