/** The annotated capture of a recorded case, in memory. */
import { AUTO } from "#verify/auto.js";
import type { Report } from "#verify/report.js";
import { annotateCaptures, type CaptureInput } from "../../src/pipeline.js";
import { blockSource } from "./capture-read.js";
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
