/**
 * The JSON that `doctor -o json` writes, version 1: the one source, as flows-schema.ts is. Nothing
 * changes its meaning within a version and no key goes; new keys may come at any time.
 */
import { z } from "zod";
import { time } from "./time-schema.js";

const count = z.int().min(0);

const remark = z
  .object({
    id: z.string().describe("stable, as in kernel-dropped"),
    grade: z
      .enum(["limits", "unknown", "note"])
      .describe("provably lacking; not told by the files; only looks like a fault"),
    text: z.string(),
    remedy: z.string().nullable(),
  })
  .meta({ id: "remark" });

const point = z
  .object({
    point: z.string(),
    files: z.array(z.string()),
    records: count,
    first: time,
    last: time,
    connections: count,
    limited: z.boolean().describe("its silence proves nothing"),
    dropped: count.nullable().describe("by the kernel; null: the files do not say"),
    unseenData: count.describe("how often data was acknowledged that was never captured"),
    remarks: z.array(remark),
    command: z.string().describe("to capture better at this point"),
  })
  .meta({ id: "point" });

/** What `doctor -o json` writes. */
export const doctorDocument = z
  .object({
    schema: z.literal("pcapcheck.doctor/v1"),
    verdict: z.enum(["sound", "limited"]),
    points: z.array(point),
    together: z
      .object({ first: time, last: time })
      .nullable()
      .describe("while every point was recording"),
    apart: z.array(z.string()).describe("points that were not recording while another was"),
  })
  .meta({
    title: "pcapcheck doctor -o json",
    description:
      "Within a version no key goes and none changes its meaning; new keys may come, so ignore those " +
      "you do not know. Every key is always there; null is what the capture does not tell.",
  });

export type DoctorDocument = z.infer<typeof doctorDocument>;
