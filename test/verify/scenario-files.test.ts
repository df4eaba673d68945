/** Recorded cases held against scenarios that a user wrote: copies of the built-in ones, and others. */
import { describe, expect, test } from "vitest";
import { copiedScenario } from "#expected/scenario-files/copied-scenario.js";
import { readScenarioFile } from "#expected/scenario-files/scenario-file.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { askReplay, IS_FULL } from "../support/replay-cases.js";
import { STORY_ROWS } from "../support/replay-stories.js";
import { portmapOf, topologyOf } from "../support/verify-recorded.js";
import type { Report } from "#verify/report.js";
import { textOf } from "../meta/files.js";

function copyOf(scenario: Scenario, recorded: string): string {
  return [...copiedScenario(scenario, portmapOf(topologyOf(recorded).portmap ?? "1.9.0"))].join("");
}

const fileOf = (text: string): Scenario => readScenarioFile({ file: "my.yaml", text });

interface Pair {
  readonly recorded: string;
  readonly scenario: Scenario;
}

/** What a case is a case of, for sure. */
const ALL_PAIRS: readonly Pair[] = SCENARIOS.flatMap((scenario) => {
  const rows = STORY_ROWS.filter(
    ({ scenarios: [only, ...more] }) => more.length === 0 && only === scenario.name,
  );
  return [...new Set(rows.map(({ recorded }) => recorded))].map((recorded) => ({
    recorded,
    scenario,
  }));
});

const isBroken = ({ recorded }: Pair): boolean => recorded.startsWith("broken-");

/** One healthy and one broken of each scenario, or all of them. */
const PAIRS = IS_FULL
  ? ALL_PAIRS
  : SCENARIOS.flatMap((scenario) => {
      const own = ALL_PAIRS.filter((pair) => pair.scenario === scenario);
      return [own.find((pair) => !isBroken(pair)) ?? [], own.find(isBroken) ?? []].flat();
    });

function verdictsOf({ connections }: Report): readonly string[] {
  return connections.map(({ id, verdict, checks }) => {
    const each = checks.map(
      ({ check, verdict: one, finding }) => `${check} ${one} ${finding?.code}`,
    );
    return [id, verdict, ...each].join(", ");
  });
}

describe("a copy of a built-in scenario says of a recorded case what the built-in one says", () => {
  test.each(PAIRS)("$recorded as $scenario.name", async ({ recorded, scenario }) => {
    const copied = await askReplay({ recorded, scenario: fileOf(copyOf(scenario, recorded)) });
    const builtIn = await askReplay({ recorded, scenario: scenario.name });
    expect(verdictsOf(copied)).toEqual(verdictsOf(builtIn));
    expect(copied.verdict).toBe(builtIn.verdict);
    expect(copied.notes.filter((note) => note.includes("my.yaml"))).toEqual([]);
    const judged = copied.connections.filter(({ verdict }) => verdict === "pass");
    const told = judged.flatMap(({ checks }) => checks.filter(({ verdict }) => verdict === "pass"));
    expect(
      told
        .filter(({ expected }) => !expected.includes(", by my.yaml row "))
        .map(({ check }) => check),
    ).toEqual(
      told.filter(({ check }) => check === "connection of this scenario").map(({ check }) => check),
    );
  });
});

/** The row of a copy by its name, with words of it replaced. */
function changed(
  name: string,
  row: string,
  words: readonly (readonly [string, string])[],
): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const text = copyOf(scenario, "nodeport-cluster");
  const from = text.indexOf(`- name: ${row}\n`);
  if (from < 0) throw new Error(`no row ${row} in ${name}`);
  const end = text.indexOf("\n- name: ", from);
  const old = text.slice(from, end < 0 ? undefined : end + 1);
  const own = words.reduce((known, [is, shall]) => {
    if (!known.includes(is)) throw new Error(`no ${is} in ${row}`);
    return known.replaceAll(is, shall);
  }, old);
  return fileOf(text.slice(0, text.indexOf("\nrows:\n") + 7) + own);
}

const EXTERNAL = "external client to node:nodePort (Cluster), endpoint on that node";
const ELSEWHERE = "external client to node:nodePort (Cluster), endpoint on another node";

const KEPT = changed("nodeport-cluster", EXTERNAL, [["bridge:*", "client"]]);

function checksOf(report: Report): readonly string[] {
  return report.connections
    .filter(({ verdict }) => verdict !== "not applicable")
    .flatMap(({ checks }) => checks.map(({ check, verdict }) => `${check} ${verdict}`));
}

describe("a row that wants the client kept where kube-proxy masquerades it", () => {
  test("fails what kube-proxy does, as something that the file alone wants", async () => {
    const report = await askReplay({ recorded: "nodeport-cluster", scenario: KEPT });
    const judged = report.connections.filter(({ verdict }) => verdict !== "not applicable");
    expect(judged.map(({ verdict, client }) => `${client} ${verdict}`)).toEqual(["external fail"]);
    const source = judged[0]?.checks.find(({ check }) => check === "source kept");
    expect(source).toMatchObject({
      verdict: "fail",
      expected: `198.51.100.79:41001, by my.yaml row "${EXTERNAL}"`,
      finding: { code: "PC039" },
    });
    expect(judged[0]?.attributions[0]).toMatchObject({
      kind: "path",
      candidates: [
        expect.stringContaining("DNAT"),
        expect.stringMatching(/^node1: a rule that its programs are meant to write, .*MASQUERADE/),
      ],
      collect: [],
    });
    expect(report.notes.find((note) => note.startsWith(`my.yaml row "${EXTERNAL}"`))).toContain(
      "the server sees 10.233.1.1:*, not 198.51.100.79:41001",
    );
  });

  test("passes where the masquerade is lost and the client arrives", async () => {
    const report = await askReplay({ recorded: "broken-nodeport-no-masquerade", scenario: KEPT });
    expect(report.verdict).toBe("pass");
    expect(checksOf(report)).toContain("source kept pass");
    expect(checksOf(report)).toContain("as the row says pass");
  });

  test("says of others that they are not of this scenario", async () => {
    const report = await askReplay({ recorded: "nodeport-cluster", scenario: KEPT });
    const others = report.connections.filter(({ verdict }) => verdict === "not applicable");
    expect(others.length).toBeGreaterThan(10);
    expect(others.some(({ scenario }) => scenario === "nodeport-cluster")).toBe(true);
  });
});

interface Change {
  readonly what: string;
  readonly row: string;
  readonly words: readonly (readonly [string, string])[];
  readonly failed: readonly string[];
}

const UPLINK_SEEN =
  "{ at: uplink, request: client > dialled, reply: dialled > client, seen: must }";
const DROPPED = [
  ["outcome: answered\n  source: transit:*\n", "outcome: dropped\n"],
  ["reply: ", "why: "],
] as const;

// prettier-ignore
const CHANGES: readonly Change[] = [
  { what: "must not be seen at the uplink", row: EXTERNAL, words: [[UPLINK_SEEN, "{ at: uplink, seen: never }"]], failed: ["seen at every point it must cross"] },
  { what: "must be dropped", row: ELSEWHERE, words: DROPPED, failed: ["as the row says", "dropped"] },
  { what: "must be rejected", row: ELSEWHERE, words: [["outcome: answered", "outcome: rejected"], ["  source: transit:*\n", ""]], failed: ["rejected"] },
  { what: "the reply comes to the pod's uplink from the pod", row: EXTERNAL, words: [["{ at: uplink, request: client > dialled, reply: dialled > client", "{ at: uplink, request: client > dialled, reply: endpoint > client"]], failed: ["as the row says"] },
  { what: "the reply goes to the bridge, restored", row: EXTERNAL, words: [["reply: endpoint > client, seen", "reply: endpoint > node, seen"]], failed: ["as the row says"] },
  { what: "must be seen on lo too, whose capture may not have run", row: EXTERNAL, words: [["  points:\n", "  points:\n  - { at: loopback, request: client > dialled }\n"]], failed: [] },
];

describe("rows that say otherwise than the model govern", () => {
  test.each(CHANGES)("$what", async ({ row, words, failed }) => {
    const scenario = changed("nodeport-cluster", row, words);
    const report = await askReplay({ recorded: "nodeport-cluster", scenario });
    const found = checksOf(report).filter((check) => check.endsWith(" fail"));
    expect(found.sort()).toEqual(failed.map((check) => `${check} fail`).sort());
    expect(report.verdict).toBe(failed.length > 0 ? "fail" : "inconclusive");
  });
});

describe("the example of docs/scenario-files.md", () => {
  const [, example = ""] = /```yaml\n([^]*?)```/.exec(textOf("docs/scenario-files.md")) ?? [];

  test("fails a cluster that does what kube-proxy's rules say, and is told so", async () => {
    const report = await askReplay({ recorded: "nodeport-cluster", scenario: fileOf(example) });
    const judged = report.connections.filter(({ verdict }) => verdict !== "not applicable");
    expect(judged.map(({ verdict }) => verdict)).toEqual(["fail", "fail"]);
    const codes = judged.map(
      ({ checks }) => checks.find(({ verdict }) => verdict === "fail")?.finding?.code,
    );
    expect(codes).toEqual(["PC039", "PC039"]);
    expect(report.notes.filter((note) => note.startsWith("my.yaml row"))).toHaveLength(2);
  });

  test("passes the client that arrives with its own address", async () => {
    const recorded = "broken-nodeport-no-masquerade";
    const report = await askReplay({ recorded, scenario: fileOf(example) });
    const near = report.connections.filter(({ checks }) =>
      checks.some(({ expected }) => expected.includes("endpoint on that node")),
    );
    expect(near.map(({ verdict }) => verdict)).toEqual(["pass"]);
  });
});
