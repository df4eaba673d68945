/** The contract of `verify -o jsonl`: what `-o json` has, a line for each part of it. */
import { z } from "zod";
import { reportSchema } from "./verdict-schema.js";

const { verdict, complete, scenario, assumptions, notes, clocks } = reportSchema.shape;
const { connections, across, carriedOn, counters } = reportSchema.shape;

const run = z
  .object({
    verdict,
    scenario,
    complete,
    judged: z
      .object({ pass: z.int().min(0), fail: z.int().min(0), inconclusive: z.int().min(0) })
      .describe("connections by verdict; those that are not applicable are in none"),
    assumptions,
    notes,
    clocks,
  })
  .describe("the first line: the verdict, and what it rests on as a whole");

export const reportLine = z
  .union([
    z.object({ schema: z.literal("pcapcheck.report-line/v1"), run }),
    z.object({ connection: connections.element }),
    z.object({ across: across.element }),
    z.object({ carriedOn: carriedOn.element }),
    z.object({ counter: counters.unwrap().element }),
  ])
  .meta({
    title: "one line of pcapcheck verify -o jsonl",
    description:
      "Keys may be added within v1; none is renamed, removed or given another meaning. The run comes first, then each connection.",
  });

export type ReportRun = z.infer<typeof run>;
