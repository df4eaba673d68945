/** The annotated capture of a recorded case, in memory. */
import { captureName } from "#observed/capture/capture-name.js";
import { CaptureRecord } from "#observed/capture/record.js";
import { epochNs } from "#net/types.js";
import { annotatedCapture } from "#report/annotated/annotated-capture.js";
import { PacketKeeper } from "#report/annotated/packet-keeper.js";
import { wantedPackets } from "#report/annotated/wanted-packets.js";
import { AUTO } from "#verify/auto.js";
import type { Report } from "#verify/report.js";
import { annotateCaptures, type CaptureInput } from "../../src/pipeline.js";
import { POINT, SUMMARY } from "../report/connections.js";
import { blockSource } from "./capture-read.js";
import type { Findings } from "./findings.js";
import { withTopology } from "./verify-cases.js";
import { ask, bytesOf, capturesOf, topologyOf, track } from "./verify-recorded.js";

export interface AnnotatedCase {
  readonly report: Report;
  readonly file: Uint8Array;
}

/** `tell` may change what the report says before it is written. */
export async function annotatedCase(
  recorded: string,
  tell: (report: Report) => Report = (report) => report,
): Promise<AnnotatedCase> {
  const captures = capturesOf(recorded);
  const given = withTopology(recorded);
  const report = tell(await ask({ scenario: AUTO.name, captures, given }));
  const chunks = [];
  for await (const chunk of annotateCaptures({
    report,
    scenario: AUTO,
    complete: true,
    tracked: await track(captures),
    captures: captures.map(({ point, path }): CaptureInput => {
      return { point, files: [{ name: path, open: () => blockSource(bytesOf(path), path) }] };
    }),
    topology: topologyOf(recorded),
  })) {
    chunks.push(chunk);
  }
  return { report, file: Buffer.concat(chunks) };
}

/** The same of findings that no capture has: each cited packet is four bytes. */
export function annotatedFindings({ report, scenario, complete }: Findings): Uint8Array {
  const wanted = wantedPackets(report);
  const keeper = new PacketKeeper(wanted);
  const points = [...wanted.files].map(([file, { sightings, evidence }]) => {
    const record = Object.assign(new CaptureRecord(), { bytes: Uint8Array.of(1, 2, 3, 4) });
    const sink = keeper.around(() => {});
    const name = captureName(file);
    keeper.startPoint(name);
    keeper.startFile(file);
    for (const number of [...new Set([...sightings.keys(), ...evidence.keys()])].toSorted(
      (a, b) => a - b,
    )) {
      sink(Object.assign(record, { number, capturedLength: 4, originalLength: 1500 }));
    }
    keeper.finishFile({ baseTime: epochNs(1_767_225_600_123_456_789n) });
    return { ...POINT, name, captures: [{ ...SUMMARY, file }] };
  });
  const topology = undefined;
  const capture = { report, scenario, complete, wanted, keeper, points, topology };
  return Buffer.concat([...annotatedCapture(capture)]);
}
