/** What a failure comes from, as a sentence. What may be behind it, and what to collect, stand beside it. */
import type { Attribution, PathCause, RuleCause, ServerCause } from "#verify/attribution.js";

export function describeAttribution(cause: Attribution): string {
  switch (cause.kind) {
    case "rule":
      return `${ruleMet(cause)} ${cause.file}:${cause.line} (${cause.table} ${cause.chain}, ${ownerOf(cause.owner)}): ${cause.text}`;
    case "missing rule":
      return `${ownerOf(cause.owner)}'s rule is missing on ${cause.at}, in ${cause.table} ${cause.chain} of ${cause.file}: ${cause.text}`;
    case "setting":
      return `${cause.setting} is ${cause.value} on ${cause.at}, expected ${cause.expected}${cause.file ? ` (${cause.file})` : ""}`;
    case "conntrack":
      return `${cause.at}'s conntrack (${cause.file}:${cause.line}) ${cause.why}`;
    case "path":
      return describePath(cause);
    case "proxy":
      return `${cause.program} on ${cause.at} ended the connection${cause.carriedOn ? ` and dialled on as ${cause.carriedOn}` : ""}: ${cause.why}`;
    case "server":
      return `${cause.who} ${SERVERS[cause.does]}${cause.seenAt ? ` (${cause.seenAt})` : ""}${cause.does === "is gone" ? "" : `: ${PROVEN[cause.does]}`}`;
    case "not explained":
      return `not explained by what was given: ${cause.why}`;
  }
}

/** Several are listed because packets alone do not separate them. */
export function candidatesOf(cause: Attribution): readonly string[] {
  return "candidates" in cause ? cause.candidates : [];
}

/** What would decide among candidates, or show more. */
export function toCollect(cause: Attribution): readonly string[] {
  return "collect" in cause ? cause.collect : [];
}

const PACKETS = {
  request: "the request",
  answer: "the answer",
  data: "the data behind the handshake",
  tunnel: "the tunnel's packet",
} as const;

function ruleMet({ packets, does, at }: RuleCause): string {
  switch (does) {
    case "drops":
      return `${PACKETS[packets]} is dropped on ${at} by`;
    case "rejects":
      return `${PACKETS[packets]} is rejected on ${at} by`;
    case "is met":
      return `${PACKETS[packets]} meets a rule on ${at} that is not intended,`;
  }
}

function ownerOf(owner: string): string {
  return owner === "unknown" ? "of unknown owner" : owner;
}

const SERVERS: Readonly<Record<ServerCause["does"], string>> = {
  refuses: "refuses",
  "is silent": "does not answer",
  "is gone": "is gone",
  "answers wrongly": "answers wrongly",
};

/** Whether a stack took the request is seen only where it answers: a frame may bear another's MAC address. */
const PROVEN: Readonly<Record<Exclude<ServerCause["does"], "is gone">, string>> = {
  refuses: "the network did its part",
  "is silent": "the request is there as intended",
  "answers wrongly": "the network did its part",
};

function describePath({ packets, last, first, there }: PathCause): string {
  const what = PACKETS[packets];
  if (there === "nothing") {
    if (last === undefined) return `${what} is not seen at ${first ?? "any point"}, nor before it`;
    if (last === first) return `${what} comes to ${last} and does not come back by it`;
    const end =
      first === undefined ? "no capture proves where behind it it ends" : `not at ${first}`;
    return `${what} is last seen at ${last}, ${end}`;
  }
  const before = last === undefined ? "" : `as intended at ${last}, `;
  return `${what} is ${before}${CHANGED[there]} at ${first ?? "no later point"}`;
}

const CHANGED: Readonly<Record<Exclude<PathCause["there"], "nothing">, string>> = {
  "another source": "from another source",
  "another destination": "to another destination",
  "source not translated": "with a source that is not translated",
  "destination not translated": "with a destination that is not translated",
  "the node's own answer": "answered by the node itself",
  other: "there against the rules",
};
