/** What a failure comes from, in the contract of `verify -o json`. */
import { z } from "zod";
import { TABLES } from "#expected/netfilter/hook.js";

const says = z.string().describe("the same as a sentence");
const at = z.string().describe("node1, pod p1a");
const line = z.int().min(1);
const collect = z.array(z.string()).describe("what would decide: commands, captures, flags");
const candidates = z
  .array(z.string())
  .describe("what may be behind it; packets alone do not separate them");
const packets = z
  .enum(["request", "answer", "data", "tunnel"])
  .describe("data: those behind the handshake; tunnel: the packets around the connection's own");
const table = z.enum(TABLES);

const rule = z
  .object({
    kind: z.literal("rule"),
    says,
    at,
    file: z.string(),
    line,
    table,
    chain: z.string(),
    owner: z.string(),
    text: z.string(),
    does: z.enum(["drops", "rejects", "is met"]),
    packets,
  })
  .describe("a saved rule that is not intended, or that ends the packet's way");

const missingRule = z
  .object({
    kind: z.literal("missing rule"),
    says,
    at,
    file: z.string(),
    table,
    chain: z.string(),
    owner: z.string().describe("the program that should have written it"),
    text: z.string(),
  })
  .describe("a rule that is not in the saved file");

const setting = z
  .object({
    kind: z.literal("setting"),
    says,
    at,
    file: z.string().nullable(),
    setting: z.string(),
    value: z.string(),
    expected: z.string(),
  })
  .describe("a sysctl, a route or an address");

const conntrack = z
  .object({
    kind: z.literal("conntrack"),
    says,
    at,
    file: z.string(),
    line,
    entry: z.string(),
    why: z.string(),
  })
  .describe("an entry that decided instead of the rules");

const path = z
  .object({
    kind: z.literal("path"),
    says,
    packets,
    last: z.string().nullable().describe("the last point that saw the packet as intended"),
    first: z.string().nullable().describe("the first behind it that did not"),
    there: z.enum([
      "nothing",
      "another source",
      "another destination",
      "source not translated",
      "destination not translated",
      "the node's own answer",
      "other",
    ]),
    candidates,
    collect,
  })
  .describe("somewhere between two points");

const proxy = z
  .object({
    kind: z.literal("proxy"),
    says,
    at,
    program: z.string(),
    carriedOn: z.string().nullable().describe("the connection that it made"),
    why: z.string(),
  })
  .describe("a process that ended the connection and dialled on");

const server = z
  .object({
    kind: z.literal("server"),
    says,
    who: z.string(),
    does: z.enum(["refuses", "is silent", "is gone", "answers wrongly"]),
    seenAt: z.string().nullable(),
    candidates,
    collect,
  })
  .describe(
    "the receiver itself: the request came to it as intended, or its own refusal came back",
  );

const notExplained = z
  .object({ kind: z.literal("not explained"), says, why: z.string(), collect })
  .describe("nothing that was given explains it");

export const attribution = z.discriminatedUnion("kind", [
  rule,
  missingRule,
  setting,
  conntrack,
  path,
  proxy,
  server,
  notExplained,
]);

export type AttributionDocument = z.infer<typeof attribution>;
