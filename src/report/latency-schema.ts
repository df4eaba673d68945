/** The clocks and latencies of `verify -o json`. */
import { z } from "zod";

const ns = z.number().describe("nanoseconds");
const direction = z.enum(["request", "reply"]);

export const clock = z
  .object({
    point: z.string().describe("the capture point; all interfaces of one file have one clock"),
    offsetNs: ns.describe("its time less the reference's, ns; negative: it is behind"),
    uncertaintyNs: ns
      .nullable()
      .describe("the true offset is at most this far from it; null: unknown"),
    driftPpm: z.number().describe("how much faster it goes, parts per million; 0 where none shows"),
    at: z.string().nullable().describe("when it is so far off, by its own clock, RFC 3339"),
    pairs: z
      .int()
      .min(0)
      .describe("packets that it has in common with the point it is held against"),
    basis: z.enum(["reference", "same clock", "request and reply", "one direction", "unknown"]),
  })
  .describe("what a capture's clock says; every other time of verify is the reference's");

const hop = z
  .object({
    direction,
    from: z.string(),
    to: z.string(),
    packets: z.int().min(1).describe("that both points have"),
    medianNs: ns,
    minNs: ns,
    maxNs: ns,
    uncertaintyNs: ns.nullable().describe("by the clocks; 0 on one host, null where nothing tells"),
  })
  .describe(
    "how long packets take between two points; negative where the clocks are too uncertain",
  );

const wait = z.object({
  kind: z
    .enum(["path", "handshake", "server"])
    .describe("of one packet; until a repeated SYN got through; until the server answered"),
  ns,
  from: z.string(),
  to: z.string().describe("the same point for a server"),
  direction,
});

export const latency = z
  .object({ hops: z.array(hop), wait: wait.nullable().describe("the longest there is") })
  .describe("null where no two points share a packet and none shows an answer");
