/**
 * The contract of `verify -o json`. The JSON Schema under docs/schema is made from it. Keys may be
 * added within v1; none is renamed, removed or given another meaning.
 */
import { z } from "zod";
import { CHECK_NAMES } from "#verify/report.js";
import { clock, latency } from "./latency-schema.js";
import { attribution } from "./attribution-schema.js";
import { journeyStop } from "./journey-schema.js";
import { endpoint, packet } from "./packet-schema.js";

const verdict = z.enum(["pass", "fail", "inconclusive", "not applicable"]);

const sighting = z
  .object({
    point: z.string().describe("the capture point, with the interface of a capture of several"),
    direction: z.enum(["request", "reply"]).describe("a request goes towards the server"),
    source: endpoint,
    destination: endpoint,
    ttl: z.int().min(0).max(255).nullable().describe("time to live or hop limit, the highest seen"),
    packets: z.int().min(0),
    evidence: z.array(packet),
  })
  .describe("one direction of the connection at one capture point");

const finding = z
  .object({
    code: z.string().describe("stable, as PC001"),
    id: z.string(),
    title: z.string(),
    explanation: z.string(),
    remedy: z.string(),
  })
  .describe("what the failure means and what to do");

const check = z.object({
  check: z.enum(CHECK_NAMES),
  verdict,
  expected: z.string(),
  observed: z.string(),
  evidence: z.array(packet),
  assumptions: z.array(z.string()).describe("what nobody said and the verdict rests on"),
  missing: z.array(z.string()).describe("captures, flags or state that would decide"),
  finding: finding.nullable(),
});

const share = z.number().min(0).max(1);

const connection = z.object({
  id: z.string(),
  protocol: z.string(),
  scenario: z.string(),
  client: z
    .enum([
      "external",
      "other-node",
      "own-address",
      "localhost",
      "hairpin",
      "pod-same-node",
      "pod-other-node",
      "pod",
      "node",
      "container",
      "container-other-network",
    ])
    .nullable()
    .describe("who dialled; null when the connection is not judged by a row of the scenario"),
  verdict,
  joinedBy: z.string().nullable().describe("why its sightings are one connection"),
  join: z
    .object({ score: share, runnerUp: share })
    .nullable()
    .describe(
      "how well its weakest sighting fits, 1 is certain; and the best of those not joined to it",
    ),
  ambiguousWith: z
    .array(z.string())
    .describe("ids of connections that may be this one: nothing in the captures tells"),
  sightings: z.array(sighting),
  checks: z.array(check),
  answers: z
    .array(
      z.object({
        question: z.enum(["where it ends", "destination at the server", "source at the server"]),
        intended: z.string(),
        configured: z.string().nullable().describe("null where no --state was given"),
        observed: z.string().nullable().describe("null where no capture shows it"),
      }),
    )
    .describe("by the model: of a failure, and of every connection where --state was given"),
  attributions: z
    .array(attribution)
    .describe("what it comes from that a check fails: at least one then, else none"),
  latency: latency.nullable(),
  stops: z
    .array(journeyStop)
    .nullable()
    .describe(
      "its journey, requests and then replies; null for most of more than 100: --connection asks for one",
    ),
});

const across = z
  .object({
    subject: z.string().describe("what they have in common, as a Service's port on one node"),
    connections: z.array(z.string()).describe("ids"),
    check,
    attributions: z.array(attribution).describe("rules that do it, where --state gave them"),
  })
  .describe("a check of many connections together");

const carriedOn = z
  .object({
    connection: z.string().describe("id of what a proxy took"),
    by: z.string().describe("id of what it dialled for it"),
    evidence: z.array(z.string()),
    score: share,
    runnerUp: share,
  })
  .describe("two connections of one request, each with sequence numbers of its own: no NAT");
const counter = z
  .object({
    at: z.string(),
    file: z.string().describe("of the later snapshot"),
    line: z.int().min(1),
    table: z.string(),
    chain: z.string(),
    owner: z.string(),
    text: z.string(),
    packets: z.int().nullable().describe("counted in between; null where it was replaced"),
    connections: z.array(z.string()).describe("captured ones that meet it by the saved rules"),
    atLeast: z.int().min(0).describe("packets of these that must have been counted"),
    atMost: z.int().min(0).nullable().describe("null: no bound, each packet counts"),
    verdict: z
      .enum(["as captured", "more than captured", "fewer than captured", "not comparable"])
      .describe("more is no fault: not all that a node forwards is captured"),
    says: z.string(),
  })
  .describe("a rule that counted something, or that captured connections meet");

export const reportSchema = z.object({
  schema: z.literal("pcapcheck.report/v1"),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  complete: z
    .boolean()
    .describe("false where an input could not be read: the verdict is about the rest"),
  scenario: z.string(),
  assumptions: z.array(z.string()).describe("every assumption of every check, each once"),
  notes: z.array(z.string()).describe("what is true of the run as a whole"),
  connections: z.array(connection),
  across: z.array(across),
  carriedOn: z.array(carriedOn),
  counters: z.array(counter).nullable().describe("null where counters were not saved twice"),
  clocks: z.array(clock).describe("one per capture point, in their order"),
});

export type ReportDocument = z.infer<typeof reportSchema>;
