/** A report as test tools count it: a case for each check of each connection, or of all that are alike. */
import type { AcrossCheck, Check, ConnectionReport, Report, Verdict } from "#verify/report.js";
import { alike } from "./alike.js";
import { causeLines } from "./cause-lines.js";
import { cite } from "./check-table.js";
import { ends } from "./connection-table.js";
import type { RenderContext } from "./report-format.js";

export interface TestCase {
  /** Names of captures and of what was captured are in every text as they are: to be escaped by who writes it. */
  readonly name: string;
  readonly outcome: Outcome;
  /** What failed or what is missing, in a sentence; empty for a case that passed. */
  readonly message: string;
  /** Stable; undefined where nothing failed, or no diagnosis explains it. */
  readonly code: string | undefined;
  /** The reasons, in the order in which they are read. */
  readonly facts: readonly Fact[];
}

/** An error is none of the network's: something could not be read, so that it was not checked. */
export type Outcome = Exclude<Verdict, "not applicable"> | "error";

export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** The cases of one scenario; of checks of many connections together; or of the run itself. */
export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/** Up to so many connections each has cases of its own; tools choke above some ten thousands of cases. */
const EACH_UP_TO = 1000;

/** What is not applicable is no case. Never empty: a run without a case would pass for a good one. */
export function testSuites(report: Report, { complete }: RenderContext): readonly TestSuite[] {
  const judged = report.connections.filter(({ verdict }) => verdict !== "not applicable");
  const groups = alike(judged).map(({ connections }) => connections);
  const members = judged.length <= EACH_UP_TO ? judged.map((one) => [one] as const) : groups;
  const scenarios = new Map<string, TestCase[]>();
  for (const connections of members) {
    const [{ scenario }] = connections;
    const cases = scenarios.get(scenario) ?? [];
    cases.push(...casesOf(connections));
    scenarios.set(scenario, cases);
  }
  const suites = [
    { name: "run", cases: ofTheRun(report, complete) },
    ...[...scenarios].map(([name, cases]) => ({ name, cases })),
    { name: "connections together", cases: report.across.flatMap((one) => acrossCase(one)) },
  ];
  return suites.filter(({ cases }) => cases.length > 0);
}

/** Only where it is not as it should be. */
function ofTheRun({ connections, across, notes }: Report, isComplete: boolean): TestCase[] {
  const unread: TestCase = {
    name: "every input can be read",
    outcome: "error",
    message: "not everything could be read, so the verdict is about the rest only",
    code: undefined,
    facts: [],
  };
  const unjudged: TestCase = {
    name: "a connection of the scenario was captured",
    outcome: "inconclusive",
    message: notes[0] ?? "no connection that was captured is of the scenario",
    code: undefined,
    facts: notes.map((text) => ({ label: "note", text })),
  };
  const isJudged =
    across.length > 0 || connections.some(({ verdict }) => verdict !== "not applicable");
  return [...(isComplete ? [] : [unread]), ...(isJudged ? [] : [unjudged])];
}

type Members = readonly [ConnectionReport, ...ConnectionReport[]];

/** A case for each check, verdict and diagnosis that connections alike have. */
function casesOf(connections: Members): readonly TestCase[] {
  const found = new Map<string, { check: Check; of: ConnectionReport[] }>();
  for (const connection of connections) {
    for (const check of connection.checks) {
      const key = `${check.check} ${check.verdict} ${check.finding?.code}`;
      const known = found.get(key);
      if (known) known.of.push(connection);
      else found.set(key, { check, of: [connection] });
    }
  }
  return [...found.values()].flatMap(({ check, of }) => {
    const ids = of.map(({ id }) => id);
    const causes = causeLines({ connections: of, across: [] }, { ids, told: new Set() });
    const [first = connections[0]] = of;
    return testCase(check, { name: `${check.check}: ${namesOf(first, ids)}`, ids, causes });
  });
}

function namesOf(first: ConnectionReport, ids: readonly string[]): string {
  const [dialled] = ends(first);
  const others = ids.length - 1;
  const name = `${first.id} ${first.protocol} ${dialled}`;
  return others === 0 ? name : `${name} and ${others} like it`;
}

function acrossCase(across: AcrossCheck): readonly TestCase[] {
  const { subject, connections: ids, check } = across;
  const causes = causeLines({ connections: [], across: [across] }, { ids, told: new Set() });
  return testCase(check, { name: `${check.check}: ${subject}`, ids, causes });
}

interface Told {
  readonly name: string;
  readonly ids: readonly string[];
  readonly causes: Iterable<Fact>;
}

/** Of thousands that are alike the first ones are enough to look at. */
const MAX_IDS = 100;

function testCase(check: Check, { name, ids, causes }: Told): readonly TestCase[] {
  const { verdict, expected, observed, evidence, assumptions, missing, finding } = check;
  if (verdict === "not applicable") return [];
  const isFailed = verdict === "fail";
  const more = ids.length > MAX_IDS ? ` and ${ids.length - MAX_IDS} more` : "";
  const facts: readonly Fact[] = [
    { label: "expected", text: expected },
    { label: "observed", text: observed },
    { label: "evidence", text: [...new Set(evidence.map(cite))].join(" ") },
    { label: "connections", text: ids.length > 1 ? ids.slice(0, MAX_IDS).join(" ") + more : "" },
    ...(isFailed ? causes : []),
    { label: "why", text: finding?.explanation ?? "" },
    { label: "try", text: finding?.remedy ?? "" },
    ...missing.map((text) => ({ label: "needed", text })),
    ...assumptions.map((text) => ({ label: "assumed", text })),
  ];
  return [
    {
      name,
      outcome: verdict,
      message: messageOf(check),
      code: finding?.code,
      facts: facts.filter(({ text }) => text !== ""),
    },
  ];
}

function messageOf({ verdict, expected, observed, finding, missing }: Check): string {
  if (verdict === "fail") return finding?.title ?? `expected ${expected}, observed ${observed}`;
  if (verdict !== "inconclusive") return "";
  return missing.length === 0 ? observed : `${observed}; needed: ${missing.join("; ")}`;
}
