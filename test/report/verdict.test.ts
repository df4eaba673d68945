/** Both formats of `verify`, for every recorded case. */
import { describe, expect, test } from "vitest";
import type { GivenFacts } from "#cluster/facts.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import { UNBOUNDED } from "#report/table.js";
import { PLAIN } from "#report/style.js";
import { verdictJson } from "#report/verdict-json.js";
import { reportSchema } from "#report/verdict-schema.js";
import type { Asked } from "#report/report-format.js";
import { verdictText } from "#report/verdict-text.js";
import type { Attribution } from "#verify/attribution.js";
import { AUTO } from "#verify/auto.js";
import type { Check, ConnectionReport, Report } from "#verify/report.js";
import { clockAt } from "../support/findings.js";
import { HOST_PORT_CASES, ROW_SCENARIOS, withTopology } from "../support/verify-cases.js";
import { ask, capturesOf, CASES, NOTHING_GIVEN } from "../support/verify-recorded.js";

interface Told {
  readonly scenario: Asked;
  readonly recorded: string;
  readonly given: GivenFacts;
}

const EXAMPLE = "nodeport-cluster";

/** The rows' own cases under all of them, every case by the model, and every path without one. */
const QUESTIONS: readonly (Told & { readonly name: string })[] = [
  ...HOST_PORT_CASES.flatMap((recorded) =>
    ROW_SCENARIOS.flatMap((scenario) => [
      { scenario, recorded, given: NOTHING_GIVEN, name: "nothing given" },
      { scenario, recorded, given: withTopology(recorded), name: "its topology" },
    ]),
  ),
  ...CASES.map((recorded) => {
    return { scenario: AUTO, recorded, given: withTopology(recorded), name: "its topology" };
  }),
  ...[AUTO, ...SCENARIOS].flatMap((scenario) => [
    { scenario, recorded: EXAMPLE, given: NOTHING_GIVEN, name: "nothing given" },
    { scenario, recorded: EXAMPLE, given: withTopology(EXAMPLE), name: "its topology" },
  ]),
];

test.each(QUESTIONS)("$recorded as $scenario.name, $name", async (question) => {
  const { scenario, recorded, given } = question;
  const captures = capturesOf(recorded);
  for (const strict of [false, true]) {
    for (const some of [captures, captures.slice(0, 1), []]) {
      const report = await ask({ scenario: scenario.name, captures: some, given, strict });
      expectContract(report);
      for (const width of [undefined, 40, 80, 200]) {
        const layout = { width, style: PLAIN };
        const text = [
          ...verdictText(report, { scenario, layout, verbose: strict, complete: true }),
        ].join("");
        expect(text.startsWith(report.verdict.toUpperCase())).toBe(true);
        expect(text).not.toMatch(/undefined|NaN|\[object/);
      }
    }
  }
});

function expectContract(report: Report): void {
  const document: unknown = JSON.parse([...verdictJson(report, { complete: true })].join(""));
  const parsed = reportSchema.parse(document);
  // Every key of it documented: what the schema does not know it would have taken away.
  expect(parsed).toEqual(document);
  expect(parsed.connections.filter(({ checks }) => checks.length === 0)).toEqual([]);
  expect(parsed.connections.filter(({ sightings }) => sightings.length === 0)).toEqual([]);
  const checks = [
    ...parsed.connections.flatMap((connection) => connection.checks),
    ...parsed.across.map(({ check }) => check),
  ];
  const ids = new Set(parsed.connections.map(({ id }) => id));
  expect(parsed.across.filter(({ connections }) => connections.some((id) => !ids.has(id)))).toEqual(
    [],
  );
  const attributed = parsed.connections.filter(({ attributions }) => attributions.length > 0);
  expect(attributed.map(({ id }) => id)).toEqual(
    parsed.connections.filter((one) => one.verdict === "fail").map(({ id }) => id),
  );
  const cited = ({ evidence }: (typeof checks)[number]): number =>
    new Set(evidence.map(({ file, packet }) => `${file}#${packet}`)).size;
  expect(checks.filter((check) => cited(check) < check.evidence.length)).toEqual([]);
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  expect(failed.filter(({ evidence }) => evidence.length === 0)).toEqual([]);
  expect(
    checks.filter(({ finding }) => finding !== null).every((check) => failed.includes(check)),
  ).toBe(true);
}

const HOSTILE = "a\u009b2J\u202e\u001b[31m.pcap";

const CHECK: Check = {
  check: "source kept",
  verdict: "fail",
  expected: "198.51.100.79",
  observed: `10.233.1.1:41001 (TTL 62, ${HOSTILE})`,
  evidence: [
    { file: HOSTILE, packet: 1 },
    { file: HOSTILE, packet: 1 },
  ],
  assumptions: [`${HOSTILE} is from the pod`],
  missing: [HOSTILE],
  finding: undefined,
};

const CONNECTION: ConnectionReport = {
  id: "c1",
  protocol: "tcp",
  scenario: "hostport-external",
  client: undefined,
  verdict: "fail",
  sightings: [
    {
      point: HOSTILE,
      direction: "request",
      source: { address: "198.51.100.79", port: 41001 },
      destination: { address: "10.233.1.2", port: 8080 },
      ttl: undefined,
      packets: 1,
      evidence: [{ file: HOSTILE, packet: 1 }],
    },
  ],
  checks: [CHECK, { ...CHECK, check: "answered", verdict: "inconclusive" }],
  attributions: [
    {
      kind: "path",
      packets: "request",
      last: HOSTILE,
      first: undefined,
      there: "nothing",
      candidates: [HOSTILE],
      collect: [HOSTILE],
    },
  ],
  joinedBy: HOSTILE,
  latency: {
    hops: [
      {
        direction: "request",
        from: HOSTILE,
        to: HOSTILE,
        packets: 3,
        medianNs: 31_000,
        minNs: -2000,
        maxNs: 40_000,
        uncertaintyNs: 54_000,
      },
    ],
    wait: { kind: "handshake", ns: 3.05e9, from: HOSTILE, to: HOSTILE, direction: "request" },
  },
};

const CLOCK = clockAt(HOSTILE);

const REPORT: Report = {
  scenario: "hostport-external",
  verdict: "fail",
  assumptions: CHECK.assumptions,
  notes: [HOSTILE],
  clocks: [CLOCK, { ...CLOCK, uncertaintyNs: undefined, basis: "unknown" }],
  connections: [
    CONNECTION,
    { ...CONNECTION, id: "c2", verdict: "inconclusive", checks: CONNECTION.checks.slice(1) },
    {
      ...CONNECTION,
      id: "c3",
      verdict: "not applicable",
      checks: [{ ...CHECK, verdict: "not applicable" }],
    },
  ],
  across: [
    {
      subject: HOSTILE,
      connections: ["c1", "c2"],
      check: { ...CHECK, check: "endpoint choice", missing: [] },
    },
  ],
};

test("nothing that a terminal obeys leaves through either format", () => {
  const json = [...verdictJson(REPORT, { complete: true })].join("");
  expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  const [connection] = reportSchema.parse(JSON.parse(json)).connections;
  expect(connection?.sightings[0]?.point).toBe(HOSTILE);
  expect(connection?.checks[0]?.evidence).toEqual([{ file: HOSTILE, packet: 1 }]);
  for (const width of [undefined, 80]) {
    const layout = { width, style: PLAIN };
    for (const scenario of SCENARIOS.slice(0, 1)) {
      const text = [
        ...verdictText(REPORT, { scenario, layout, verbose: true, complete: true }),
      ].join("");
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  }
});

const FINDING = { code: "PC999", id: "x", title: "it broke", explanation: "so", remedy: "fix" };

function render(report: Report, width?: number): string {
  const layout = { ...UNBOUNDED, width };
  return SCENARIOS.slice(0, 1)
    .flatMap((scenario) => [
      ...verdictText(report, { scenario, layout, verbose: false, complete: true }),
    ])
    .join("");
}

function renderCiting(files: readonly string[]): string {
  const evidence = files.map((file) => ({ file, packet: 7 }));
  const checks: Check[] = [{ ...CHECK, verdict: "pass", observed: "", evidence }];
  const connections = [{ ...CONNECTION, checks }];
  return render({ ...REPORT, connections, across: [], assumptions: [], notes: [] }, 200);
}

describe("text", () => {
  const many = Array.from({ length: 50 }, (_, index): ConnectionReport => ({
    ...CONNECTION,
    id: `c${index + 1}`,
    verdict: index === 30 ? "fail" : "pass",
    checks: index === 30 ? [{ ...CHECK, finding: FINDING }] : [],
    attributions: index === 30 ? CONNECTION.attributions : [],
  }));

  test("of many connections a row for all that are alike, the failed ones first", () => {
    const lines = render({ ...REPORT, connections: many, across: [] }).split("\n");
    const start = lines.findIndex((line) => line.startsWith("COUNT"));
    const rows = lines.slice(start + 1, start + 3).map((line) => line.trim().split(/ {2,}/));
    expect(rows.map(([count, verdict, code]) => [count, verdict, code])).toEqual([
      ["1", "fail", "PC999"],
      ["49", "pass", "-"],
    ]);
    expect(rows[1]?.[6]).toBe("c1 c2 c3 c4 and 45 more");
    expect(rows[1]?.[7]).toMatch(/^e\.g\. 198\.51\.100\.79:41001 > 10\.233\.1\.2:8080/);
    expect(lines[start + 3]).toBe("a row for all that are alike: --verbose or -o json shows each");
  });

  test("of more kinds than anybody reads the first, and the rest counted", () => {
    const connections = many.map((one, index): ConnectionReport => ({
      ...one,
      scenario: `s${index}`,
    }));
    const text = render({ ...REPORT, connections, across: [] });
    expect(text.match(/^ +1 {2}(pass|fail)/gm)).toHaveLength(40);
    expect(text).toContain(
      "and 10 more rows of 10 connections (10 pass): --verbose or -o json shows each",
    );
  });

  test("of many sentences in a cell as many as are read", () => {
    const observed = Array.from({ length: 5 }, (_, at) => `point ${at} shows nothing else of it`);
    const checks: Check[] = [{ ...CHECK, verdict: "pass", observed: observed.join("; ") }];
    const text = render({ ...REPORT, connections: [{ ...CONNECTION, checks }], across: [] });
    expect(text).toContain(`${observed.slice(0, 3).join("; ")}; and 2 more  `);
  });

  test("what many connections are joined by is said once, with the weakest of them", () => {
    const [first, second] = [0.89, 0.8].map((score, index): ConnectionReport => ({
      ...CONNECTION,
      id: `c${index + 1}`,
      joinedBy: "equal payload",
      join: { score, runnerUp: 0 },
    }));
    const text = render({ ...REPORT, connections: [first, second].flatMap((one) => one ?? []) });
    expect(text).toContain(
      "joined    c1 c2 are joined by likeness alone (equal payload; 0.80 of 1)",
    );
  });

  test("a check of many connections stands with theirs, and fails with a reason", () => {
    const [across] = REPORT.across;
    const check: Check = { ...CHECK, check: "endpoint choice", finding: FINDING };
    const connections = [{ ...CONNECTION, verdict: "pass", checks: [] } as const];
    const text = render({
      ...REPORT,
      connections,
      across: across ? [{ ...across, connections: ["c1", "c2", "c3", "c4", "c5"], check }] : [],
    });
    expect(text).toMatch(/^endpoint choice +fail +PC999 +c1 c2 c3 c4 and 1 more/m);
    expect(text).toContain("FAIL  PC999 it broke (c1 c2 c3 c4 and 1 more)");
  });

  test("what several failures come from is told once, and of no healthy connection", () => {
    const attributions: readonly Attribution[] = [
      {
        kind: "missing rule",
        at: "node1",
        file: "node1.txt",
        table: "nat",
        chain: "FLANNEL-POSTRTG",
        owner: "flannel",
        text: "-A FLANNEL-POSTRTG -j MASQUERADE",
      },
    ];
    const other: readonly Attribution[] = [
      { kind: "not explained", why: "of no failure", collect: ["on node1: conntrack -S"] },
    ];
    const connections = [
      { ...CONNECTION, attributions },
      { ...CONNECTION, id: "c2", attributions },
      { ...CONNECTION, id: "c3", verdict: "pass", attributions: other } as const,
    ];
    const text = render({ ...REPORT, connections, across: [] }, 200);
    expect(text.match(/cause {5}flannel's rule is missing on node1/g)).toHaveLength(1);
    expect(text).not.toContain("of no failure");
  });

  test("one cause of two failed checks is explained once", () => {
    const checks = [
      { ...CHECK, finding: FINDING },
      { ...CHECK, check: "delivered", finding: FINDING } as const,
    ];
    const text = render({ ...REPORT, across: [], connections: [{ ...CONNECTION, checks }] });
    expect(text.match(/^FAIL {2}PC999/gm)).toHaveLength(1);
    expect(text.match(/^ {4}why/gm)).toHaveLength(1);
    expect(text.match(/^ {4}check/gm)).toHaveLength(2);
  });

  test("a failed connection needs nothing to be decided", () => {
    expect(render({ ...REPORT, connections: [CONNECTION] })).not.toContain("needed");
    expect(render(REPORT)).toContain("needed");
  });

  test("to a terminal, evidence is without folders unless two files share a name", () => {
    expect(renderCiting(["n1/eth0.pcap", "n1/cni0.pcap"])).not.toContain("n1/");
    expect(renderCiting(["n1/eth0.pcap", "n2/eth0.pcap"])).toContain("n2/eth0.pcap#7");
  });
});
