/** A hostPort's clients that look like a Service's: which they are, the node's conntrack says, with a topology or flags. */
import { describe, expect, test } from "vitest";
import { readConntrack } from "#observed/conntrack/read-conntrack.js";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { findScenario } from "#expected/scenarios/index.js";
import type { ConntrackEntry } from "#observed/conntrack/conntrack-entry.js";
import { verifyCaptures } from "../../src/pipeline.js";
import { conntrackOf } from "../support/replay-cases.js";
import {
  captureOf,
  LAB_FLAGS,
  NOTHING_GIVEN,
  portmapOf,
  topologyOf,
  track,
} from "../support/verify-recorded.js";

const CASE = "service-beside-hostport";
const TOLD = { ...NOTHING_GIVEN, topology: topologyOf(CASE) };

interface Asked {
  readonly scenario: string;
  readonly port: number;
  readonly given?: typeof LAB_FLAGS;
  readonly conntrack: readonly ConntrackEntry[] | undefined;
}

/** What is said of the connection that has this source port behind its masquerade. */
async function told({ scenario, port, given = TOLD, conntrack }: Asked): Promise<string> {
  const asked = findScenario(scenario);
  if (!asked) throw new Error(`no scenario ${scenario}`);
  const { connections } = await verifyCaptures(await track([captureOf(CASE, "node1.cni0")]), {
    scenario: asked,
    given,
    strict: false,
    portmap: portmapOf(CURRENT_PORTMAP),
    conntrack,
  });
  const one = connections.find(({ sightings }) =>
    sightings.some(({ source }) => source.port === port),
  );
  const [check] = one?.checks ?? [];
  return `${one?.verdict}: ${check?.observed}`;
}

const TABLE = conntrackOf(CASE);

/** By what was dialled: the port that the pod's side shows is another in every recording. */
function portOf(sourcePort: number): number {
  return (
    TABLE.find(({ original }) => original.source.port === sourcePort)?.reply.destination.port ?? 0
  );
}

const ROWS = [
  {
    scenario: "hostport-external",
    source: 41_003,
    dialled: "198.51.100.79:41003 > 10.20.32.204:30080",
  },
  { scenario: "hostport-localhost", source: 41_004, dialled: "127.0.0.1:41004 > 127.0.0.1:30080" },
  { scenario: "hostport-node", source: 41_005, dialled: "10.20.32.204:41005 > 10.20.32.204:30080" },
  { scenario: "hostport-node", source: 41_006, dialled: "10.20.32.204:41006 > 10.96.0.50:80" },
];

describe.each(ROWS)("$scenario, $dialled", ({ scenario, source, dialled }) => {
  const port = portOf(source);

  test("without a table it may be a hostPort's", async () => {
    expect(await told({ scenario, port, conntrack: undefined })).toMatch(
      /^inconclusive: .*a client of a Service of the pod$/,
    );
  });

  test.each([
    ["a topology", TOLD],
    ["flags alone", LAB_FLAGS],
  ])("with a table and %s it is a Service's", async (_what, given) => {
    expect(await told({ scenario, port, given, conntrack: TABLE })).toMatch(
      new RegExp(
        `^not applicable: a client of a Service of the pod: dialled ${dialled} .captures/${CASE}/node1.conntrack.txt:\\d+.$`,
      ),
    );
  });

  test("a table of others decides nothing", async () => {
    const others = TABLE.filter(({ original }) => original.source.port !== source);
    expect(await told({ scenario, port, conntrack: others })).toMatch(/^inconclusive: /);
  });
});

test("the node's own dial of the hostPort is one, with the entry as what it rests on", async () => {
  const port = portOf(41_004);
  const text = `tcp 6 9 TIME_WAIT src=127.0.0.1 dst=127.0.0.1 sport=41004 dport=9000 src=10.233.1.2 dst=10.233.1.1 sport=8080 dport=${port} [ASSURED]`;
  const { entries } = readConntrack({ node: "node1", file: "table", text });
  expect(await told({ scenario: "hostport-localhost", port, conntrack: entries })).toMatch(
    /: dialled 127.0.0.1:41004 > 127.0.0.1:9000 .table:1.$/,
  );
});
