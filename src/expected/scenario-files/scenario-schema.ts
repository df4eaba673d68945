/** What a scenario file may hold (`pcapcheck.scenario/v1`): the words of the built-in rows. */
import { z } from "zod";
import { closest } from "#net/closest.js";
import {
  CLIENTS,
  DIALLED,
  ENDPOINTS,
  ENDS,
  FEATURES,
  FORMS,
  HOST_PORT_CLIENTS,
  HOST_PORT_POINTS,
  HOST_PORT_SEEN,
  OUTCOMES,
  PATH_POINTS,
  PLACES,
  POLICIES,
  SEEN,
  wordsOf,
} from "./scenario-words.js";

export const SCENARIO_FORMAT = "pcapcheck.scenario/v1";

/** One of a list; what is none is said with the nearest, and all of them in an editor. */
function word<Word extends string>(meanings: Record<Word, string>, what: string) {
  const words = wordsOf(meanings);
  const told = words.map((one) => `${one}: ${meanings[one]}`).join("\n");
  return z
    .enum(words, { error: ({ input }) => noneOf({ input, words }) })
    .describe(`${what}\n\n${told}`);
}

interface Mistaken {
  readonly input: unknown;
  readonly words: readonly string[];
}

function noneOf({ input, words }: Mistaken): string {
  if (input === undefined) return `is missing; one of ${words.join(", ")}`;
  if (typeof input !== "string") return `is not one of ${words.join(", ")}`;
  const near = closest(input, words);
  const question = near === undefined ? "" : `; did you mean ${near}?`;
  return `${input} is not one of ${words.join(", ")}${question}`;
}

/** `client > dialled`, `transit:* > endpoint`. */
const TUPLE = /^(\S+) > (\S+)$/;

const END_WORDS = wordsOf(ENDS);
const PLACE_WORDS = wordsOf(PLACES);

const tupleOf = (words: readonly string[], port: string, what: string) =>
  z
    .string({ error: missing })
    .superRefine((text, context) => {
      const ends = TUPLE.exec(text)?.slice(1);
      if (!ends)
        context.addIssue(`${text} is not two addresses of a row, as ${words[0]} > ${words[1]}`);
      for (const end of ends ?? []) {
        const place = end.endsWith(port) && port !== "" ? end.slice(0, -port.length) : end;
        if (!words.includes(place)) context.addIssue(noneOf({ input: place, words }));
      }
    })
    .meta({ pattern: patternOf(words, port), description: what });

function patternOf(words: readonly string[], port: string): string {
  const end = `(${words.join("|")})${port === "" ? "" : `(${port.replace("*", "\\*")})?`}`;
  return `^${end} > ${end}$`;
}

const DRAWN = ":*";

const placesTold = PLACE_WORDS.map((place) => `${place}: ${PLACES[place]}`).join("\n");
const endsTold = END_WORDS.map((end) => `${end}: ${ENDS[end]}`).join("\n");

const pathTuple = (what: string) =>
  tupleOf(PLACE_WORDS, DRAWN, `${what}\n\n${placesTold}\n:* behind it: a port drawn at random`);

const hostPortTuple = tupleOf(END_WORDS, "", `source > destination\n\n${endsTold}`);

const rowEnd = z
  .string({ error: missing })
  .superRefine((text, context) => {
    const place = text.endsWith(DRAWN) ? text.slice(0, -DRAWN.length) : text;
    if (!PLACE_WORDS.some((known) => known === place)) {
      context.addIssue(noneOf({ input: place, words: PLACE_WORDS }));
    }
  })
  .meta({
    pattern: `^(${PLACE_WORDS.join("|")})(:\\*)?$`,
    description: `what the server sees as its client; none where nothing arrives\n\n${placesTold}`,
  });

function missing({ input }: { readonly input?: unknown }): string {
  return input === undefined ? "is missing" : "is not a text";
}

const text = (what: string) => z.string({ error: missing }).min(1, "is empty").describe(what);

const why = text("why here, where it is not obvious").optional();

const pathPoint = z.strictObject({
  at: word(PATH_POINTS, "the capture point"),
  request: pathTuple("source > destination of requests here").optional(),
  reply: pathTuple("source > destination of replies here").optional(),
  form: word(FORMS, "how the packet is carried").default("plain"),
  seen: word(SEEN, "whether a capture here shows it").default("must"),
  why,
});

const described = {
  name: text("a sentence about traffic; reports name the row by it"),
  rules: z.array(text("a rule")).default([]).describe("rules that do it, as the packet meets them"),
  why: z.string().default("").describe("a reason, without a full stop"),
  reference: z.string().default("").describe("where the expectation comes from"),
};

const pathRow = z.strictObject({
  client: word(CLIENTS, "who dials"),
  dialled: word(DIALLED, "what is dialled"),
  endpoint: word(ENDPOINTS, "where it ends, seen from the node that handles the packet first"),
  policy: word(POLICIES, "what else decides; left out: whatever it is").optional(),
  ...described,
  outcome: word(OUTCOMES, "what becomes of it"),
  source: rowEnd.optional(),
  points: z
    .array(pathPoint)
    .default([])
    .describe("what capture points show, from client to server"),
});

const hostPortPoint = z.strictObject({
  at: word(HOST_PORT_POINTS, "the capture point"),
  requests: z.array(hostPortTuple).default([]).describe("any of these"),
  replies: z.array(hostPortTuple).default([]).describe("any of these"),
  seen: word(HOST_PORT_SEEN, "whether a capture here shows it").default("always"),
  why,
});

const hostPortRow = z.strictObject({
  client: word(HOST_PORT_CLIENTS, "who dials"),
  ...described,
  source: word(
    { kept: "the client's, as it arrives at the node", bridge: "the node's bridge's" },
    "the source address that the pod must see",
  ),
  works: z
    .boolean()
    .default(true)
    .describe("false: it is known not to work, so checks that need an answer do not apply"),
  points: z.array(hostPortPoint).default([]).describe("what capture points show"),
});

/** As file names and reports can have it. */
const NAME = /^[a-z0-9][a-z0-9._-]*$/;

const head = {
  $schema: z.string().optional().describe("for editors, in JSON"),
  schema: z.literal(SCENARIO_FORMAT, { error: () => `is missing; write ${SCENARIO_FORMAT}` }),
  name: z
    .string({ error: missing })
    .regex(NAME, "is not small letters, digits, dots and hyphens")
    .describe("the scenario's name in reports; none of the built-in ones"),
  title: text("one line: who dials what").optional(),
  question: text("what you want to know").optional(),
  explanation: text("why it is as it is").optional(),
};

const pathScenario = z.strictObject({
  ...head,
  target: z.literal("path").describe("any way into, through or out of a node"),
  about: word(FEATURES, "its rows hold only for this special case").optional(),
  otherPoints: z
    .enum(["never", "may"], { error: ({ input }) => noneOf({ input, words: ["never", "may"] }) })
    .default("may")
    .describe(
      "at capture points that a row does not list: never: nothing of the connection is seen there; " +
        "may: nothing is said of them",
    ),
  rows: z.array(pathRow).min(1, "has no row").describe("one per kind of connection"),
});

const hostPortScenario = z.strictObject({
  ...head,
  target: z.enum(["hostPort", "hostNetwork"]).describe("a pod's port of the node's address"),
  rows: z.array(hostPortRow).min(1, "has no row").describe("one per class of clients"),
});

export const scenarioSchema = z.discriminatedUnion("target", [pathScenario, hostPortScenario], {
  error: ({ code, input }) => {
    if (code !== "invalid_union") return "is not a scenario: keys with values are wanted";
    const target: unknown = isObject(input) ? input["target"] : undefined;
    return noneOf({ input: target, words: ["path", "hostPort", "hostNetwork"] });
  },
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Every key that a file may have anywhere, for whoever mistypes one. */
export const KEYS: readonly string[] = [
  ...new Set(
    [pathScenario, hostPortScenario, pathRow, hostPortRow, pathPoint, hostPortPoint].flatMap(
      ({ shape }) => Object.keys(shape),
    ),
  ),
];

/** A file that the schema accepts; it may still contradict itself. */
export type ScenarioFile = z.infer<typeof scenarioSchema>;
export type PathScenarioFile = z.infer<typeof pathScenario>;
export type HostPortScenarioFile = z.infer<typeof hostPortScenario>;
