/** A scenario as a file that a user can copy and change; reading it back gives the same rows. */
import type { PathPoint, PathRow } from "#expected/scenarios/path-row.js";
import type { PathScenario, PointRow, Row, Scenario } from "#expected/scenarios/scenario.js";
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import { yamlComment, yamlFlow, yamlProse, yamlText } from "./yaml-text.js";

export interface WrittenScenario {
  /** Of the file, and not a built-in one's. */
  readonly name: string;
  /** Whose rows a hostPort scenario has. */
  readonly portmap: PortmapBehaviour;
  /** Lines in front, for who reads it first. */
  readonly comments: readonly string[];
  /** Lines in front of rows and points of a path. */
  readonly commentsOn?: ReadonlyMap<PathRow | PathPoint, readonly string[]>;
}

const SCHEMA_LINE = "# yaml-language-server: $schema=pcapcheck.scenario.v1.schema.json\n";

export function* scenarioYaml(scenario: Scenario, written: WrittenScenario): Iterable<string> {
  const { name, portmap, comments } = written;
  yield SCHEMA_LINE;
  for (const comment of comments) yield* yamlComment(comment);
  yield `\nschema: pcapcheck.scenario/v1\n`;
  yield `name: ${yamlText(name)}\n`;
  yield `title: ${yamlText(scenario.title)}\n`;
  yield `question: ${yamlText(scenario.question)}\n`;
  if (scenario.explanation !== "") yield* yamlProse("explanation", scenario.explanation);
  yield `target: ${scenario.target}\n`;
  if (scenario.target === "path") {
    yield* pathHead(scenario);
    for (const row of scenario.paths) yield* pathRow(row, written.commentsOn ?? new Map());
    return;
  }
  yield "\nrows:\n";
  for (const row of scenario.rows(portmap)) yield* hostPortRow(row);
}

function* pathHead({ about, otherPoints = "never" }: PathScenario): Iterable<string> {
  if (about !== undefined) {
    yield "# Rows hold only for connections of this special case.\n";
    yield `about: ${about}\n`;
  }
  yield* yamlComment(
    otherPoints === "never"
      ? "At capture points that a row does not list nothing of the connection may be seen. With may, " +
          "nothing is said of them."
      : "Of capture points that a row does not list nothing is said. With never, nothing of the " +
          "connection may be seen there.",
  );
  yield `otherPoints: ${otherPoints}\n\nrows:\n`;
}

type CommentsOn = NonNullable<WrittenScenario["commentsOn"]>;

function* pathRow(row: PathRow, commentsOn: CommentsOn): Iterable<string> {
  for (const comment of commentsOn.get(row) ?? []) yield* yamlComment(comment);
  yield `- name: ${yamlText(row.name)}\n`;
  for (const key of ["client", "dialled", "endpoint", "policy", "outcome"] as const) {
    if (row[key] !== undefined) yield `  ${key}: ${row[key]}\n`;
  }
  if (row.source !== undefined) yield `  source: ${row.source}\n`;
  if (row.points.length > 0) yield "  points:\n";
  for (const point of row.points) {
    for (const comment of commentsOn.get(point) ?? []) yield* yamlComment(comment, "  ");
    yield `  - ${pathPoint(point)}\n`;
  }
  yield* reasons(row);
}

function pathPoint({ at, request, reply, form, seen, why }: PathPoint): string {
  const isPlain = form === "plain";
  return yamlFlow({ at, request, reply, form: isPlain ? undefined : form, seen, why });
}

function* hostPortRow(row: Row): Iterable<string> {
  yield `- name: ${yamlText(row.name)}\n`;
  yield `  client: ${row.client}\n  source: ${row.source}\n  works: ${row.works}\n`;
  yield* list("points", row.points.map(hostPortPoint));
  yield* reasons(row);
}

function hostPortPoint({ at, requests, replies, seen, why }: PointRow): string {
  return yamlFlow({ at, requests: listed(requests), replies: listed(replies), seen, why });
}

function listed(tuples: readonly string[]): readonly string[] | undefined {
  return tuples.length === 0 ? undefined : tuples;
}

function* reasons({ rules, why, reference }: PathRow | Row): Iterable<string> {
  yield* list("rules", rules.map(yamlText));
  if (why !== "") yield `  why: ${yamlText(why)}\n`;
  if (reference !== "") yield `  reference: ${yamlText(reference)}\n`;
}

function* list(key: string, items: readonly string[]): Iterable<string> {
  if (items.length === 0) return;
  yield `  ${key}:\n`;
  for (const item of items) yield `  - ${item}\n`;
}
