/**
 * What every broken twin comes from, with and without the nodes' saved state, as its README and the script
 * that broke it say. A rule is given by its text, which the saved file must have in the line that is named.
 */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readStates } from "#cli/state-folder.js";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import type { Attribution } from "#verify/attribution.js";
import { AUTO } from "#verify/auto.js";
import type { Report } from "#verify/report.js";
import { verifyCaptures } from "../../src/pipeline.js";
import { clientPortOf, conntrackOf } from "../support/replay-cases.js";
import {
  ALL_CASES,
  capturesOf,
  NOTHING_GIVEN,
  portmapOf,
  textOf,
  topologyOf,
  track,
} from "../support/verify-recorded.js";
import { CAUSES } from "../support/causes-broken.js";

const reports = new Map<string, Promise<Report>>();

function reportOf(recorded: string, state: "state" | "none"): Promise<Report> {
  const key = `${recorded} ${state}`;
  const known = reports.get(key) ?? askWith(recorded, state);
  reports.set(key, known);
  return known;
}

async function askWith(recorded: string, state: "state" | "none"): Promise<Report> {
  const topology = topologyOf(recorded);
  const folder = fileURLToPath(new URL(`../../captures/${recorded}`, import.meta.url));
  return verifyCaptures(await track(capturesOf(recorded)), {
    scenario: AUTO,
    given: { ...NOTHING_GIVEN, topology },
    strict: false,
    portmap: portmapOf(topology.portmap ?? CURRENT_PORTMAP),
    ...(state === "state" && {
      states: {
        ipv4: readStates({ folder, family: "ipv4" }),
        ipv6: readStates({ folder, family: "ipv6" }),
      },
      conntrack: conntrackOf(recorded),
    }),
  });
}

/** `rule node1 drops data: -A FORWARD …`, `path request node1.eth0 > node1.cni0: nothing`. */
function brief(cause: Attribution): string {
  switch (cause.kind) {
    case "rule":
      return `rule ${cause.at} ${cause.does} ${cause.packets}: ${cause.text}`;
    case "missing rule":
      return `missing rule ${cause.at} ${cause.owner} ${cause.table}: ${cause.text}`;
    case "setting":
      return `setting ${cause.at} ${cause.setting}: ${cause.value}`;
    case "conntrack":
      return `conntrack ${cause.at}: ${cause.entry}`;
    case "path":
      return `path ${cause.packets} ${cause.last ?? "-"} > ${cause.first ?? "-"}: ${cause.there}`;
    case "proxy":
      return `proxy ${cause.program} on ${cause.at}, ${cause.carriedOn ? "carried on" : "alone"}`;
    case "server":
      return `server ${cause.who} ${cause.does}`;
    case "not explained":
      return "not explained";
  }
}

const BROKEN = ALL_CASES.filter((recorded) => recorded.startsWith("broken-"));

test("every broken twin has its causes", () => {
  expect(Object.keys(CAUSES).toSorted()).toEqual(BROKEN);
});

const ROWS = Object.entries(CAUSES).flatMap(([recorded, rows]) =>
  rows.flatMap(({ ports, none, state }) => [
    { recorded, ports, given: "none" as const, causes: none },
    { recorded, ports, given: "state" as const, causes: state ?? none },
  ]),
);

describe("what a connection's failure comes from", () => {
  test.each(ROWS)("$recorded $ports, given $given", async ({ recorded, ports, given, causes }) => {
    const { connections, across } = await reportOf(recorded, given);
    const found =
      ports === "across"
        ? across.filter(({ check }) => check.verdict === "fail")
        : connections.filter((one) => one.verdict === "fail" && isAmong(ports, clientPortOf(one)));
    expect(found).not.toEqual([]);
    for (const { attributions = [] } of found) {
      expect(attributions.map((cause) => shorten(brief(cause)))).toEqual(causes);
    }
  });
});

/** `41001-41003 41005`; `*`: any. */
function isAmong(ports: string, port: number): boolean {
  return ports.split(" ").some((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return range === "*" || (first <= port && port <= last);
  });
}

/** Hashes and comments of no interest. */
function shorten(text: string): string {
  return text
    .replaceAll(/\b(KUBE-(?:SVC|SEP|EXT))-[A-Z0-9]{16}\b/g, "$1")
    .replaceAll(/-m comment --comment ("[^"]*"|\S+) /g, "");
}

test.each(BROKEN)(
  "%s: no failure without its cause, and none of what is healthy",
  async (recorded) => {
    const rows = ROWS.filter((row) => row.recorded === recorded && row.given === "state");
    for (const given of ["none", "state"] as const) {
      const { connections } = await reportOf(recorded, given);
      for (const one of connections) {
        const isFailed = one.verdict === "fail";
        const isTold = rows.some(({ ports }) => isAmong(ports, clientPortOf(one)));
        expect([one.id, one.attributions.length > 0, isFailed && isTold]).toEqual([
          one.id,
          isFailed,
          isFailed,
        ]);
      }
    }
  },
);

test.each(BROKEN)("%s: a rule that is named stands in that line", async (recorded) => {
  const { connections, across } = await reportOf(recorded, "state");
  const causes = [...connections, ...across].flatMap(({ attributions = [] }) => attributions);
  const rules = causes.flatMap((cause) => (cause.kind === "rule" ? cause : []));
  for (const { file, line, text } of rules) {
    const path = file.slice(file.indexOf(recorded));
    expect(textOf(path).split("\n")[line - 1]).toContain(text);
  }
});

test.each(["nodeport-cluster", "hostport-external", "docker-published", "sidecar-redirect"])(
  "%s is healthy, and nothing is attributed",
  async (recorded) => {
    const { connections, across } = await reportOf(recorded, "state");
    const causes = [...connections, ...across].flatMap(({ attributions = [] }) => attributions);
    expect(causes).toEqual([]);
  },
);

/** By source port, as the READMEs tell it: intended, by the saved rules, observed. */
// prettier-ignore
const ANSWERS = [
  { recorded: "broken-extra-masquerade", port: 41001, question: "source at the server", says: "198.51.100.79, 10.233.1.1, 10.233.1.1" },
  { recorded: "broken-forward-drop", port: 41001, question: "where it ends", says: "pod p1a, dropped on node1, last seen at node1.eth0" },
  { recorded: "broken-clusterip-other-endpoint", port: 41001, question: "destination at the server", says: "10.233.2.2:8080, 10.233.1.2:8080, 10.233.1.2:8080" },
  { recorded: "broken-egress-no-masquerade", port: 41001, question: "source at the server", says: "10.20.32.204, 10.233.1.2, 10.233.1.2" },
  { recorded: "broken-nothing-listening", port: 41001, question: "where it ends", says: "pod p1a, pod p1a, pod p1a" },
  { recorded: "nodeport-cluster", port: 41001, question: "where it ends", says: "pod p1a, pod p1a, pod p1a" },
];

test.each(ANSWERS)("$recorded $port, $question: $says", async (row) => {
  const { connections } = await reportOf(row.recorded, "state");
  const found = connections.find((one) => clientPortOf(one) === row.port);
  const answers = found?.answers?.find(({ question }) => question === row.question);
  const { intended, configured, observed } = answers ?? {};
  expect([intended, configured, observed].join(", ")).toBe(row.says);
});
