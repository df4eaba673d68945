import { describe, expect, test } from "vitest";
import { networkOf, type Network } from "#expected/network/network.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import { joinConnections } from "#observed/correlate/join.js";
import { conntrackOfRun } from "#verify/dialled.js";
import { pointsOf } from "#verify/point.js";
import { describeStale, staleEntry, type StaleEntry } from "#verify/replay/conntrack-cause.js";
import { flowsOf } from "#verify/replay/seen-flow.js";
import { readStates } from "../../../src/cli/state-folder.js";
import { conntrackOf } from "../../support/replay-cases.js";
import { capturesOf, CASES, topologyOf, track } from "../../support/verify-recorded.js";

interface Asked {
  readonly recorded: string;
  readonly entries?: readonly ConntrackEntry[];
  readonly rules?: "saved" | "topology's";
  /** Capture points that there are captures of; all when nothing is said. */
  readonly points?: RegExp;
}

/** Of every conversation of a case: the stale entry that it is said to have. */
async function staleIn({ recorded, entries, rules = "saved", points = /./ }: Asked) {
  const captures = capturesOf(recorded).filter(({ point }) => points.test(point));
  const { connections, points: tracked } = await track(captures);
  const all = [...connections];
  const read = tracked.flatMap(({ name, captures: files }) =>
    files.map(({ file, records, firstTime, lastTime }) => {
      return { point: name, file, records, first: firstTime, last: lastTime };
    }),
  );
  const topology = topologyOf(recorded);
  const places = pointsOf(read, all, topology);
  const journeys = joinConnections(all);
  const conntrack = conntrackOfRun(entries ?? conntrackOf(recorded), { journeys, points: places });
  const asked = { conntrack, rules: rulesOf(recorded, rules), isSaved: () => rules === "saved" };
  return journeys.flatMap((journey) => {
    return staleEntry({ ...asked, flows: flowsOf(journey, places) }) ?? [];
  });
}

function rulesOf(recorded: string, rules: "saved" | "topology's"): Network {
  const topology = topologyOf(recorded);
  if (rules === "topology's") return networkOf(topology, { family: "ipv4" });
  const states = readStates({ folder: `captures/${recorded}`, family: "ipv4" });
  return networkOf(topology, { family: "ipv4", states });
}

const STALE = "broken-udp-stale-conntrack";
const WHY =
  `node1's conntrack (captures/${STALE}/node1.conntrack.txt:LINE) still sends 198.51.100.79:42001 > 10.20.32.204:9999/udp ` +
  "to 10.233.1.2:9999 (pod p1a, which is gone); RULES would send it to 10.233.1.4:9999DOUBT. Remove it on node1: " +
  "conntrack -D -p udp -s 198.51.100.79 -d 10.20.32.204 --orig-port-src 42001 --orig-port-dst 9999";

const text = (found: readonly StaleEntry[]): readonly string[] =>
  found.map((stale) => describeStale(stale).replace(/txt:\d+/, "txt:LINE"));

describe("datagrams to a pod that is gone", () => {
  test("the entry is named, with where it leads and where the rules do", async () => {
    const found = await staleIn({ recorded: STALE });
    expect(text(found)).toEqual([WHY.replace("RULES", "its rules").replace("DOUBT", "")]);
    expect(found[0]?.isSeen).toBe(true);
  });

  test("without the node's rules a rule may lead there as well, and it is said", async () => {
    const doubt = ", unless a rule leads there (iptables-save of node1 tells)";
    expect(text(await staleIn({ recorded: STALE, rules: "topology's" }))).toEqual([
      WHY.replace("RULES", "the topology's rules").replace("DOUBT", doubt),
    ]);
  });

  test("where only the uplink was captured, no packet shows that the entry was in force", async () => {
    const found = await staleIn({ recorded: STALE, points: /^(?:client|node1)\.eth0$/ });
    expect(found.map(({ isSeen }) => isSeen)).toEqual([false]);
  });
});

describe("where events tell of the entry", () => {
  const entry = conntrackOf(STALE).find(({ original }) => original.source.port === 42_001);
  const events = (["new", "update", "destroy"] as const).flatMap((event, at) =>
    entry ? [{ ...entry, event, file: "events", line: at + 1 }] : [],
  );
  const saidOf = async (entries: readonly ConntrackEntry[]): Promise<string> =>
    text(await staleIn({ recorded: STALE, entries })).join("\n");

  test("the last line counts", async () => {
    expect(await saidOf(events.slice(0, 2))).toMatch(/^node1's conntrack .events:2. still sends /);
  });

  test("it is not to be removed when it has ended", async () => {
    const said = await saidOf(events);
    expect(said).toMatch(/^node1's conntrack .events:3. sent 198.51.100.79:42001 > /);
    expect(said).toMatch(/This line is its end: the next packet asks the rules$/);
  });

  test.each([
    ["before", [...events, ...(entry ? [entry] : [])]],
    ["behind", [...(entry ? [entry] : []), ...events]],
  ])("a table says what is there: events %s it", async (_where, entries) => {
    expect(await saidOf(entries)).toMatch(/conntrack.txt:LINE. still sends /);
  });
});

/** Elsewhere rules explain where things go, also where they are the fault. */
const BY_RULES = CASES.filter((recorded) => recorded !== STALE && conntrackOf(recorded).length > 0);

test.each(BY_RULES)("%s: no entry is called stale", async (recorded) => {
  expect(text(await staleIn({ recorded }))).toEqual([]);
});

test("a flow that is older than the rule for its port is untranslated", async () => {
  const own = conntrackOf("hostport-udp").find(
    ({ original }) => original.destination.address === "10.20.32.204",
  );
  const entries = own && [{ ...own, isUnreplied: true, reply: answerTo(own.original) }];
  const found = await staleIn({ recorded: "hostport-udp", ...(entries && { entries }) });
  expect(found.map(({ leadsTo, isSeen }) => [leadsTo.address, isSeen])).toEqual([
    ["10.20.32.204", true],
  ]);
});

const answerTo = ({ protocol, source, destination }: ConntrackEntry["original"]) => ({
  protocol,
  source: destination,
  destination: source,
});
