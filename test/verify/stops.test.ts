/** The journeys of every recorded case: what their stops say and what the checks say never contradict. */
import { describe, expect, test } from "vitest";
import type { JourneyStop } from "#verify/journey-stop.js";
import type { ConnectionReport, Report } from "#verify/report.js";
import { wholeStory } from "../support/replay-stories.js";
import { HOST_PORT_CASES, SCENARIO_OF, withTopology } from "../support/verify-cases.js";
import { ask, CASES, capturesOf, LAB_FLAGS } from "../support/verify-recorded.js";

const ACCUSING: ReadonlySet<JourneyStop["outcome"]> = new Set(["missing", "differs", "stray"]);

/** Stops that accuse, in connections that pass. */
const PASSED_ALL_THE_SAME: Readonly<Record<string, string>> = {
  "broken-clusterip-no-bridge-nf node1.cni0 request differs":
    "its bridge translates later than intended, which only breaks connections between its own ports",
  "broken-clusterip-no-bridge-nf node1.any/cni0 request differs": "the same",
};

/** Failures that no point shows, by the finding. */
const SHOWN_NOWHERE: Readonly<Record<string, string>> = {
  PC025: "the rules lead to an address that nobody has, and behind them nothing is expected",
};

function contradictions({ connections }: Report, name: string): readonly string[] {
  return connections.flatMap((one) => contradictionsIn(one, name));
}

function contradictionsIn(
  { id, verdict, checks, stops = [] }: ConnectionReport,
  name: string,
): readonly string[] {
  const accused = stops
    .filter(({ outcome }) => ACCUSING.has(outcome))
    .map(({ point, direction, outcome }) => `${name} ${point} ${direction} ${outcome}`);
  const isShown = (): boolean =>
    accused.length > 0 || checks.some(({ finding }) => (finding?.code ?? "") in SHOWN_NOWHERE);
  switch (verdict) {
    case "fail":
      return isShown() ? [] : [`${name} ${id} fails, and no stop shows it`];
    case "pass":
      return accused.filter((stop) => !(stop in PASSED_ALL_THE_SAME));
    case "inconclusive":
    case "not applicable":
      return accused.filter((stop) => stop.endsWith("missing"));
  }
}

/** Those that a hostPort's scenario is about. */
const BY_ROWS = HOST_PORT_CASES.filter((name) => SCENARIO_OF[name] !== "none");

describe("stops and checks say the same", () => {
  test.each(CASES)("%s, each connection under its own scenario", async (name) => {
    const report = await wholeStory(name);
    const untold = report.connections.filter(({ stops = [] }) => stops.length === 0);
    expect(report.connections.length > 100 || untold.length === 0).toBe(true);
    expect(contradictions(report, name)).toEqual([]);
  });

  test.each(BY_ROWS)("%s by a hostPort's rows", async (name) => {
    const question = { scenario: SCENARIO_OF[name] ?? "", captures: capturesOf(name) };
    for (const given of [LAB_FLAGS, withTopology(name)]) {
      const report = await ask({ ...question, given });
      expect(contradictions(report, name)).toEqual([]);
    }
  });
});

/** `pod-p1a.eth0, node1.veth-p1a: missing`, without the captures of all interfaces and points that need not show it. */
function wayOf({ connections }: Report, port: number): string {
  const found = connections.find(({ sightings }) =>
    sightings.some(({ source }) => source.port === port),
  );
  const requests = found?.stops?.filter(
    ({ point, direction, expected }) =>
      direction === "request" && !point.includes(".any") && expected?.seen !== "may",
  );
  const told = requests?.map(({ point, outcome }) =>
    outcome === "as expected" ? point : `${point}: ${outcome}`,
  );
  return told?.join(", ") ?? "";
}

describe("requests in the order of their path", () => {
  test.each([
    {
      what: "out of a pod and into it again",
      name: "clusterip-hairpin",
      port: 41_001,
      way: "pod-p1a.eth0, node1.veth-p1a, node1.veth-p1a, pod-p1a.eth0",
    },
    {
      what: "the same of another client port, whose path was walked for the first one",
      name: "clusterip-hairpin",
      port: 41_002,
      way: "pod-p1a.eth0, node1.veth-p1a, node1.veth-p1a, pod-p1a.eth0",
    },
    {
      what: "an answer of the node's own proves nothing behind it",
      name: "broken-docker-published-held-port",
      port: 41_001,
      way: "client.eth0, dock.eth0, dock.docker0: missing, dock.veth-c1: missing, pod-c1.eth0: missing",
    },
    {
      what: "rewritten wrongly from where the rule should have been met",
      name: "broken-docker-egress-no-masquerade",
      port: 41_001,
      way: "pod-c1.eth0, dock.veth-c1, dock.docker0, dock.eth0: differs, client.eth0: differs",
    },
  ])("$what", async ({ name, port, way }) => {
    expect(wayOf(await wholeStory(name), port)).toBe(way);
  });
});
