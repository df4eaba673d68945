/** The lines of a failure that say what it comes from, each once for all connections of which it is true. */
import type { Attribution } from "#verify/attribution.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import { candidatesOf, describeAttribution, toCollect } from "./attribution-text.js";
import { listIds } from "./list-ids.js";

export interface CauseLine {
  readonly label: "compare" | "cause" | "perhaps" | "one of" | "or" | "collect";
  readonly text: string;
}

interface Asked {
  /** Of the failure's connections. */
  readonly ids: readonly string[];
  /** Of connections whose causes stand in an earlier failure already; added to. */
  readonly told: Set<string>;
}

export function* causeLines(
  { connections, across }: Pick<Report, "connections" | "across">,
  { ids, told }: Asked,
): Iterable<CauseLine> {
  const open = new Set(ids.filter((id) => !told.has(id)));
  const groups = new Map<string, { cause: Attribution; ids: string[] }>();
  for (const { id, verdict, attributions } of connections) {
    if (verdict !== "fail" || !open.has(id)) continue;
    for (const cause of attributions) add(groups, { cause, id });
    told.add(id);
  }
  for (const { connections: members, attributions = [], check } of across) {
    if (check.verdict !== "fail" || !members.every((id) => ids.includes(id))) continue;
    for (const cause of attributions) for (const id of members) add(groups, { cause, id });
  }
  const list = [...groups.values()];
  const differing = connections.filter(({ id, verdict }) => verdict === "fail" && open.has(id));
  yield* compared(new Set(differing.flatMap(answersApart)));
  for (const { cause, ids: of } of list.slice(0, MAX_TOLD)) {
    const whose = of.length === ids.length ? "" : ` (${listIds(of)})`;
    yield { label: "cause", text: `${describeAttribution(cause)}${whose}` };
    const candidates = candidatesOf(cause);
    for (const [at, text] of candidates.entries()) {
      yield { label: labelOf(at, candidates.length), text };
    }
  }
  if (list.length > MAX_TOLD) yield { label: "cause", text: andMore(list.length) };
  const collect = list.flatMap(({ cause }) => toCollect(cause));
  for (const text of onEachOnce(collect)) yield { label: "collect", text };
}

/** Of each kind of line; the rest is counted. */
const MAX_TOLD = 6;

const andMore = (count: number): string => `and ${count - MAX_TOLD} more: -o json has all`;

function* compared(texts: ReadonlySet<string>): Iterable<CauseLine> {
  for (const text of [...texts].slice(0, MAX_TOLD)) yield { label: "compare", text };
  if (texts.size > MAX_TOLD) yield { label: "compare", text: andMore(texts.size) };
}

/** What is to be done on several nodes is said once: `on node1 and node2: …`. */
function onEachOnce(texts: readonly string[]): readonly string[] {
  const places = new Map<string, string[]>();
  for (const text of new Set(texts)) {
    const [, place, what = text] = /^on ([^\s:]+): (.*)$/.exec(text) ?? [];
    const list = places.get(what) ?? [];
    if (place !== undefined) list.push(place);
    places.set(what, list);
  }
  return [...places].map(([what, on]) =>
    on.length === 0 ? what : `on ${on.join(" and ")}: ${what}`,
  );
}

/** Where the three answers differ. */
function answersApart({ answers = [] }: ConnectionReport): readonly string[] {
  return answers.flatMap(({ question, intended, configured, observed }) => {
    // Of what did not arrive, where it ends is all there is to say.
    if (observed === undefined && question !== "where it ends") return [];
    const others = [configured, observed].filter((answer) => answer !== undefined);
    if (others.every((answer) => answer === intended)) return [];
    const by = configured === undefined ? "" : `, by the saved rules ${configured}`;
    return [`${question}: intended ${intended}${by}, observed ${observed ?? "not"}`];
  });
}

function add(
  groups: Map<string, { cause: Attribution; ids: string[] }>,
  { cause, id }: { readonly cause: Attribution; readonly id: string },
): void {
  const key = JSON.stringify(cause);
  const group = groups.get(key) ?? { cause, ids: [] };
  group.ids.push(id);
  groups.set(key, group);
}

function labelOf(at: number, count: number): CauseLine["label"] {
  if (count === 1) return "perhaps";
  return at === 0 ? "one of" : "or";
}
