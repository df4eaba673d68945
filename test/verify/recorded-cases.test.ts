/**
 * What the rows of hostPorts say of packets from a real kernel: every healthy case of them passes,
 * every broken one is told. Cases about something else: other-cases.test.ts.
 */
import { describe, expect, test } from "vitest";
import {
  HOST_PORT_CASES,
  isBroken,
  missingOf,
  MODE_NAMES,
  MODES,
  outcomeOf,
  ROW_SCENARIOS,
  SCENARIO_OF,
  withTopology,
  type Mode,
} from "../support/verify-cases.js";
import {
  ask,
  captureOf,
  capturesOf,
  CASES,
  LAB_FLAGS,
  NOTHING_GIVEN,
  type NamedCapture,
} from "../support/verify-recorded.js";
import { parsePrefix } from "#net/prefix.js";

test("every case about a hostPort is recorded", () => {
  expect(HOST_PORT_CASES.filter((name) => !CASES.includes(name))).toEqual([]);
});

const COLUMNS = [
  "pod alone",
  "pod alone, called capture",
  "pod alone, with flags",
  "all",
  "all, with topology",
  "any",
  "any, with topology",
  "any-sll, with topology",
  "eth0 alone",
] as const satisfies readonly Mode[];

// What the rows say; a failure is its checks, each with the finding's code.
const P = "pass";
const _ = "inconclusive";
const MASQ = "source kept PC001";
const LOST = "delivered PC009, answered PC009";
const NODE = "destination translated to the pod PC005, delivered PC005, answered PC005";
const SHUT = "answered PC010";
const STALE = "destination translated to the pod PC006";
const GONE = `${STALE}, delivered PC006`;
const MARTIAN = "source masqueraded PC003, answered PC012";
const HAIRPIN = "delivered PC008, answered PC008";
const PROMISC = "source masqueraded PC004, answered PC012";

/**
 * Own scenario. `_` is what the packets do not decide: a pod capture of a client that the bridge's
 * address stands for, a private address that nobody named, a node's half without the pod's.
 * A capture whose name tells nothing does not show who answers, so there the finding says less.
 */
// prettier-ignore
const TABLE: Readonly<Record<string, readonly string[]>> = {
  //                                pod      capture           flags             all      topology any      any+topology      sll+topology      eth0
  "hostport-external":              [P,       P,                P,                P,       P,       P,       P,                P,                _],
  "hostport-hostip":                [P,       P,                P,                P,       P,       P,       P,                P,                _],
  // A datagram is not acknowledged, so the pod's capture alone does not show the reply arrive.
  "hostport-udp":                   [_,       _,                _,                P,       P,       P,       P,                P,                _],
  "hostport-other-node":            [_,       _,                _,                _,       P,       _,       P,                P,                _],
  "hostport-own-address":           [P,       P,                P,                P,       P,       _,       P,                P,                _],
  "hostport-localhost":             [_,       _,                _,                P,       P,       _,       P,                _,                _],
  "hostport-hairpin":               [P,       _,                P,                P,       P,       _,       P,                _,                _],
  "hostport-hairpin-promisc":       [P,       _,                P,                P,       P,       _,       P,                _,                _],
  "hostport-pod-same-node":         [_,       _,                _,                P,       P,       _,       P,                _,                _],
  "hostport-pod-other-node":        [_,       _,                _,                P,       P,       _,       P,                P,                _],
  "hostnetwork-external":           [_,       _,                _,                P,       P,       _,       P,                _,                P],
  "broken-extra-masquerade":        [MASQ,    MASQ,             MASQ,             MASQ,    MASQ,    MASQ,    MASQ,             MASQ,             _],
  "broken-forward-drop": [_, _, _, LOST, LOST, _, LOST, "answered PC013", "answered PC009"],
  "broken-no-dnat":                 [_,       _,                _,                NODE,    NODE,    _,       NODE,             "answered PC011", NODE],
  "broken-nothing-listening": [SHUT, "answered PC011", SHUT, SHUT, SHUT, SHUT, SHUT, SHUT, SHUT],
  // Two pods are dialled in turn, so without a topology somebody has to name the one.
  "broken-udp-stale-conntrack": [_, _, _, _, GONE, _, GONE, _, _],
  "broken-localhost-no-masquerade": [MARTIAN, "source masqueraded PC003, answered PC013", MARTIAN, MARTIAN, MARTIAN, _, MARTIAN, MARTIAN, _],
  "broken-hairpin-off": [HAIRPIN, "answered PC008", HAIRPIN, HAIRPIN, HAIRPIN, _, HAIRPIN, "answered PC008", _],
  "broken-hairpin-off-promisc": [PROMISC, "source masqueraded PC004, answered PC013", PROMISC, PROMISC, PROMISC, "answered PC012", PROMISC, "answered PC012", _],
};

const CELLS = Object.entries(TABLE).flatMap(([recorded, row]) =>
  COLUMNS.map((mode, at) => ({ recorded, mode, expected: row[at] ?? "no such column" })),
);

describe("each case under its own scenario", () => {
  test.each(CELLS)("$recorded, $mode: $expected", async ({ recorded, mode, expected }) => {
    const report = await ask({ scenario: SCENARIO_OF[recorded] ?? "", ...MODES[mode](recorded) });
    expect(outcomeOf(report)).toBe(expected);
  });

  const healthy = Object.keys(TABLE).filter((recorded) => !isBroken(recorded));

  test.each(healthy)(
    "%s: the client's connections pass, the probes are left out",
    async (recorded) => {
      const scenario = SCENARIO_OF[recorded] ?? "";
      const { connections } = await ask({ scenario, ...MODES["all, with topology"](recorded) });
      const passed = connections.filter(({ verdict }) => verdict === "pass");
      const ports = passed.map(({ sightings: [first] }) => first?.source.port);
      expect(ports).toEqual(recorded === "hostport-udp" ? [42001, 42002] : [41001, 41002]);
      const others = connections.filter(({ verdict }) => verdict !== "pass");
      expect(others.map(({ verdict }) => verdict)).toEqual(others.map(() => "not applicable"));
    },
  );

  test("broken-udp-stale-conntrack: the old source port fails, the new one passes", async () => {
    const report = await ask({
      scenario: "hostport-external",
      ...MODES["all, with topology"]("broken-udp-stale-conntrack"),
    });
    const told = report.connections.map(
      ({ sightings: [first], verdict }) => `${first?.source.port} ${verdict}`,
    );
    expect(told).toEqual(["42001 fail", "42002 pass", expect.stringContaining("not applicable")]);
  });
});

describe("no case passes under another scenario's name", () => {
  test.each(HOST_PORT_CASES)("%s", async (recorded) => {
    const others = ROW_SCENARIOS.filter(({ name }) => name !== SCENARIO_OF[recorded]);
    const passed: string[] = [];
    for (const { name } of others) {
      for (const mode of MODE_NAMES) {
        const { verdict } = await ask({ scenario: name, ...MODES[mode](recorded) });
        if (verdict === "pass") passed.push(`${recorded} passes as ${name}: ${mode}`);
      }
    }
    expect(passed).toEqual([]);
  });

  test.each(HOST_PORT_CASES)("%s, any one capture, with topology", async (recorded) => {
    const others = ROW_SCENARIOS.filter(({ name }) => name !== SCENARIO_OF[recorded]);
    const passed: string[] = [];
    for (const { name } of others) {
      for (const capture of capturesOf(recorded)) {
        const given = withTopology(recorded);
        const { verdict } = await ask({ scenario: name, captures: [capture], given });
        if (verdict === "pass") passed.push(`${recorded} passes as ${name}: ${capture.point}`);
      }
    }
    expect(passed).toEqual([]);
  });

  const healthy = Object.keys(TABLE).filter((recorded) => !isBroken(recorded));

  test.each(healthy)(
    "%s, all with topology: nobody is accused, and it says so",
    async (recorded) => {
      const others = ROW_SCENARIOS.filter(({ name }) => name !== SCENARIO_OF[recorded]);
      const told: string[] = [];
      for (const { name } of others) {
        const report = await ask({ scenario: name, ...MODES["all, with topology"](recorded) });
        const says = report.notes.some((note) => note.startsWith(`no connection of ${name} in`));
        told.push(`${name}: ${outcomeOf(report)}, ${says ? "nothing checked" : "silent"}`);
      }
      expect(told).toEqual(others.map(({ name }) => `${name}: inconclusive, nothing checked`));
    },
  );
});

/** What one of a set's captures fewer, or a pair of them, could hide. */
function* subsetsOf(captures: readonly NamedCapture[]): Iterable<readonly NamedCapture[]> {
  for (const [at, one] of captures.entries()) {
    yield captures.filter((other) => other !== one);
    yield [one];
    for (const other of captures.slice(at + 1)) yield [one, other];
  }
}

describe("fewer captures prove less, and nothing else", () => {
  test.each(Object.keys(TABLE))("%s, with topology", async (recorded) => {
    const scenario = SCENARIO_OF[recorded] ?? "";
    const wrong = isBroken(recorded) ? "pass" : "fail";
    const found: string[] = [];
    for (const captures of subsetsOf(capturesOf(recorded))) {
      const { verdict } = await ask({ scenario, captures, given: withTopology(recorded) });
      if (verdict === wrong) found.push(captures.map(({ point }) => point).join(" "));
    }
    expect(found).toEqual([]);
  });

  test.each(Object.keys(TABLE))("%s, without", async (recorded) => {
    const scenario = SCENARIO_OF[recorded] ?? "";
    const wrong = isBroken(recorded) ? "pass" : "fail";
    const found: string[] = [];
    for (const captures of subsetsOf(capturesOf(recorded))) {
      const { verdict } = await ask({ scenario, captures });
      if (verdict === wrong) found.push(captures.map(({ point }) => point).join(" "));
    }
    expect(found).toEqual([]);
  });
});

const nameIt = (address: string): string =>
  `--client ${address} if that is the client, or --topology FILE with the nodes' addresses`;

describe("what the packets cannot decide, with what would", () => {
  const AT_BRIDGE = "a capture on the node's bridge (NODE/cni0=FILE), which shows who dialled";
  const AT_UPLINK = "a capture on the node's uplink (NODE/eth0=FILE)";
  const IN_POD = "a capture in the pod's network namespace (pod:NAME=FILE)";

  // prettier-ignore
  test.each<{ recorded: string; scenario: string; mode: Mode; missing: readonly string[]; why: string }>([
    { recorded: "hostport-localhost",      scenario: "hostport-localhost", mode: "pod alone",  missing: [AT_BRIDGE],                        why: "a probe looks the same" },
    { recorded: "hostport-pod-same-node",  scenario: "hostport-pod",       mode: "pod alone",  missing: [AT_BRIDGE],                        why: "a probe looks the same" },
    { recorded: "hostport-pod-same-node",  scenario: "hostport-pod",       mode: "pod alone, with topology", missing: [AT_BRIDGE],          why: "a probe looks the same" },
    { recorded: "hostport-other-node",     scenario: "hostport-node",      mode: "pod alone",  missing: [nameIt("10.20.32.205")],          why: "a private address that nobody named" },
    { recorded: "hostport-other-node",     scenario: "hostport-external",  mode: "pod alone",  missing: [nameIt("10.20.32.205")],          why: "a private address that nobody named" },
    { recorded: "hostport-pod-other-node", scenario: "hostport-external",  mode: "pod alone",  missing: [nameIt("10.20.32.205")],          why: "a private address that nobody named" },
    { recorded: "hostport-other-node",     scenario: "hostport-node",      mode: "eth0 alone", missing: [nameIt("10.20.32.205")],          why: "a private address that nobody named" },
    { recorded: "hostport-pod-other-node", scenario: "hostport-pod",       mode: "pod alone",  missing: [AT_BRIDGE, nameIt("10.20.32.205")], why: "both" },
    { recorded: "hostport-udp", scenario: "hostport-external", mode: "pod alone, with flags", missing: [AT_UPLINK],                        why: "nobody acknowledges a datagram" },
    { recorded: "hostport-external",       scenario: "hostport-external",  mode: "eth0 alone", missing: [IN_POD],                           why: "the pod's side is not shown" },
  ])("$recorded as $scenario, $mode: $why", async ({ recorded, scenario, mode, missing }) => {
    const report = await ask({ scenario, ...MODES[mode](recorded) });
    expect(report.verdict).toBe("inconclusive");
    expect(missingOf(report)).toEqual(missing);
  });

  test.each([
    { recorded: "hostport-other-node", scenario: "hostport-node", client: "10.20.32.205" },
    { recorded: "hostport-other-node", scenario: "hostport-external", client: "10.20.32.205" },
  ])("$recorded as $scenario passes once --client names it", async ({ recorded, ...question }) => {
    const clients = [question.client].flatMap((text) => parsePrefix(text) ?? []);
    const report = await ask({
      scenario: question.scenario,
      captures: [captureOf(recorded, "pod-p1a.eth0")],
      given: { ...LAB_FLAGS, clients },
    });
    expect(outcomeOf(report)).toBe("pass");
    expect(report.connections.filter(({ verdict }) => verdict === "pass")).toHaveLength(2);
  });
});

describe("--strict", () => {
  test.each(CELLS)(
    "$recorded, $mode: nothing is decided by assumption",
    async ({ recorded, mode }) => {
      const question = { scenario: SCENARIO_OF[recorded] ?? "", ...MODES[mode](recorded) };
      const strict = await ask({ ...question, strict: true });
      const checks = strict.connections.flatMap((connection) => connection.checks);
      const assumed = checks.filter(
        ({ verdict, assumptions }) =>
          (verdict === "pass" || verdict === "fail") && assumptions.length > 0,
      );
      expect(assumed).toEqual([]);
      const loose = await ask(question);
      const restsOnFacts = loose.assumptions.length === 0;
      const allowed = restsOnFacts ? [loose.verdict] : [loose.verdict, "inconclusive"];
      expect(allowed).toContain(strict.verdict);
    },
  );

  test.each([
    { recorded: "hostport-external", expected: "pass" },
    { recorded: "hostport-hairpin", expected: "pass" },
    { recorded: "hostport-pod-same-node", expected: "pass" },
    { recorded: "hostport-pod-other-node", expected: "pass" },
    { recorded: "broken-extra-masquerade", expected: MASQ },
    { recorded: "broken-forward-drop", expected: LOST },
  ])("$recorded, all with topology, still $expected: nothing was assumed", async (row) => {
    const scenario = SCENARIO_OF[row.recorded] ?? "";
    const input = MODES["all, with topology"](row.recorded);
    const report = await ask({ scenario, ...input, strict: true });
    expect(outcomeOf(report)).toBe(row.expected);
    expect(report.assumptions).toEqual([]);
  });

  test.each([
    ["hostport-external", "pass"],
    ["broken-extra-masquerade", "fail"],
  ])(
    "%s, the pod's capture alone, is no %s any more, and names the facts it lacks",
    async (recorded) => {
      const question = { scenario: "hostport-external", ...MODES["pod alone"](recorded) };
      const strict = await ask({ ...question, strict: true });
      expect(strict.verdict).toBe("inconclusive");
      expect(missingOf(strict)).toContain(
        'a fact instead of "10.233.1.2 is the pod: it is the address at pod-p1a.eth0"',
      );
      const findings = strict.connections.flatMap(({ checks }) =>
        checks.flatMap(({ finding }) => finding ?? []),
      );
      expect(findings).toEqual([]);
    },
  );
});

describe("--portmap: what another version would have done is not what was recorded (1.1.1)", () => {
  // prettier-ignore
  test.each([
    { recorded: "hostport-pod-same-node", portmap: "1.1.1", expected: "pass" },
    { recorded: "hostport-pod-same-node", portmap: "0.8.6", expected: "pass" },
    // It keeps the address of the node's other pods.
    { recorded: "hostport-pod-same-node", portmap: "0.8.5", expected: MASQ },
    { recorded: "hostport-pod-same-node", portmap: "0.6.0", expected: MASQ },
    { recorded: "hostport-hairpin",       portmap: "0.8.5", expected: "pass" },
    // It knows 127.0.0.1 only.
    { recorded: "hostport-hairpin",       portmap: "0.6.0", expected: MASQ },
    { recorded: "hostport-external",      portmap: "0.6.0", expected: "pass" },
    { recorded: "hostport-own-address",   portmap: "0.6.0", expected: "pass" },
    { recorded: "hostport-localhost",     portmap: "0.6.0", expected: "pass" },
    { recorded: "hostport-pod-other-node", portmap: "0.6.0", expected: "pass" },
  ])("$recorded as $portmap: $expected", async ({ recorded, portmap, expected }) => {
    const scenario = SCENARIO_OF[recorded] ?? "";
    const input = MODES["all, with topology"](recorded);
    expect(outcomeOf(await ask({ scenario, ...input, portmap }))).toBe(expected);
  });
});

describe("a capture of one direction, as `tcpdump dst port 8080` takes it", () => {
  // prettier-ignore
  test.each([
    { name: "unnamed",                given: NOTHING_GIVEN, point: "svc_host_port" },
    { name: "pod:web=",               given: NOTHING_GIVEN, point: "pod:web" },
    { name: "pod:web@worker-3/eth0=", given: NOTHING_GIVEN, point: "pod:web@worker-3/eth0" },
    { name: "with flags",             given: LAB_FLAGS,     point: "svc_host_port" },
    { name: "pod:web= with flags",    given: LAB_FLAGS,     point: "pod:web" },
    { name: "pod:p1a= with topology", given: withTopology("hostport-external"), point: "pod:p1a" },
  ])("$name passes as hostport-external, and as nothing else", async ({ given, point }) => {
    const captures = [captureOf("hostport-external", "svc_host_port", point)];
    const told: string[] = [];
    for (const { name } of ROW_SCENARIOS) {
      const { verdict } = await ask({ scenario: name, captures, given });
      if (verdict !== "inconclusive") told.push(`${name} ${verdict}`);
    }
    expect(told).toEqual(["hostport-external pass"]);
  });
});

/** The same captures, of a cluster with other names. */
function renamed({ point, path }: NamedCapture): NamedCapture {
  const names: readonly (readonly [RegExp, string])[] = [
    [/^node1\.eth0$/, "worker-3/ens5"],
    [/^node2\.eth0$/, "ip-10-0-0-7.ec2.internal/ens5"],
    [/^node1\./, "worker-3/"],
    [/^node2\./, "ip-10-0-0-7.ec2.internal/"],
    [/^pod-p1a\.eth0$/, "pod:web@worker-3/ens5"],
    [/^pod-p2a\.eth0$/, "pod:asking@ip-10-0-0-7.ec2.internal/eth0"],
    [/^pod-(p..)\.eth0$/, "pod:$1"],
    [/^client\.eth0$/, "client"],
  ];
  const [pattern, name] = names.find(([candidate]) => candidate.test(point)) ?? [point, point];
  return { point: point.replace(pattern, name), path };
}

describe("names and order do not matter", () => {
  test.each(Object.keys(TABLE))("%s: another cluster's names for its points", async (recorded) => {
    const scenario = SCENARIO_OF[recorded] ?? "";
    const captures = capturesOf(recorded);
    const told = outcomeOf(await ask({ scenario, captures }));
    expect(outcomeOf(await ask({ scenario, captures: captures.map(renamed) }))).toBe(told);
  });

  test.each(["hostport-external", "hostport-own-address", "broken-nothing-listening"])(
    "%s: the pod's capture under a POINT's name",
    async (recorded) => {
      const scenario = SCENARIO_OF[recorded] ?? "";
      const told = outcomeOf(await ask({ scenario, ...MODES["pod alone"](recorded) }));
      for (const point of ["pod:web", "pod:web@worker-3/ens5", "pod-web.eth0"]) {
        const captures = [captureOf(recorded, "pod-p1a.eth0", point)];
        expect(`${point}: ${outcomeOf(await ask({ scenario, captures }))}`).toBe(
          `${point}: ${told}`,
        );
      }
    },
  );

  test.each(Object.keys(TABLE))("%s: its captures in any order", async (recorded) => {
    const scenario = SCENARIO_OF[recorded] ?? "";
    const captures = capturesOf(recorded);
    const orders = [captures.toReversed(), [...captures.slice(5), ...captures.slice(0, 5)]];
    // Of two pods' captures nothing but a topology says which pod has the hostPort.
    const pods = captures.filter(({ point }) => point.startsWith("pod-"));
    const facts = [withTopology(recorded), ...(pods.length === 1 ? [NOTHING_GIVEN] : [])];
    for (const given of facts) {
      const told = await ask({ scenario, captures, given });
      for (const order of orders) {
        const again = await ask({ scenario, captures: order, given });
        expect(again.connections.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(
          told.connections.map(({ id, verdict }) => `${id} ${verdict}`),
        );
        expect(outcomeOf(again)).toBe(outcomeOf(told));
      }
    }
  });
});

describe("every verdict has what it rests on", () => {
  test.each(Object.keys(TABLE))("%s", async (recorded) => {
    const scenario = SCENARIO_OF[recorded] ?? "";
    const bare: string[] = [];
    for (const mode of MODE_NAMES) {
      const report = await ask({ scenario, ...MODES[mode](recorded) });
      for (const { id, checks } of report.connections) {
        for (const { check, verdict, evidence, missing, finding } of checks) {
          const where = `${mode}, ${id}: ${check}`;
          if (verdict === "pass" && evidence.length === 0) bare.push(`${where} cites no packet`);
          if (verdict === "inconclusive" && missing.length === 0)
            bare.push(`${where} lacks nothing`);
          if (verdict === "fail" && !finding) bare.push(`${where} fails without a finding`);
        }
      }
    }
    expect(bare).toEqual([]);
  });
});
