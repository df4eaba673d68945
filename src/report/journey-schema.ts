/** A connection's journey in the document of `verify -o json`. */
import { z } from "zod";
import { endpoint, packet } from "./packet-schema.js";
import { time } from "./time-schema.js";

const rewrite = z
  .object({
    at: z.string().describe("the node, or the pod whose own rules it is"),
    table: z
      .string()
      .describe("nat; conntrack where an entry does again or undoes what a rule did"),
    chain: z.string().describe("of conntrack and ipvs the hook"),
    owner: z.string().describe("the program that installed the rule"),
    text: z.string(),
    file: z.string().nullable().describe("of a node's saved rules; null without --state"),
    line: z.int().min(1).nullable(),
    before: z.string(),
    after: z.string(),
  })
  .describe("what gives a packet another source or destination");

const expected = z
  .object({
    source: z.string().describe("10.233.1.1:*, where any port will do"),
    destination: z.string(),
    seen: z.enum(["must", "may", "never"]),
  })
  .describe("what the point is to show");

const observed = z
  .object({
    source: endpoint,
    destination: endpoint,
    ttl: z.int().min(0).max(255).nullable(),
    packets: z.int().min(0),
    first: time.describe("of its first packet here, by the reference's clock"),
    evidence: packet,
  })
  .describe("what it does show");

export const journeyStop = z
  .object({
    point: z.string(),
    direction: z.enum(["request", "reply"]),
    outcome: z
      .enum(["as expected", "differs", "missing", "not seen", "stray", "unjudged"])
      .describe(
        "missing: must be seen and was not; not seen: absence that proves nothing; stray: seen where, " +
          "or as, nothing foretold it; unjudged: nobody knows what this point shows",
      ),
    expected: expected.nullable(),
    observed: observed.nullable(),
    why: z.string().nullable(),
    rewrites: z.array(rewrite).describe("since the stop before, as intended, in order"),
  })
  .describe("one direction of a connection at one capture point, in the order of the path");

export type JourneyStopDocument = z.infer<typeof journeyStop>;
