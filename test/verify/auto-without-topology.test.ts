/**
 * `verify` with nothing but captures: no connection may be said to fail, and what passes is a hostPort or a
 * port that Docker publishes, and healthy under the topology that says what it was.
 */
import { expect, test } from "vitest";
import type { Report } from "#verify/report.js";
import {
  ALL_CASES,
  ask,
  capturesOf,
  filesOf,
  NOTHING_GIVEN,
  topologyOf,
  type NamedCapture,
  type Question,
} from "../support/verify-recorded.js";

/** Thousands of packets that other tests read; what they would add here is time. */
const LARGE = /^(mixed-load|recut|nodeport-200)/;
const CASES = ALL_CASES.filter(
  (recorded) => !LARGE.test(recorded) && filesOf(recorded).includes("topology.yaml"),
).filter((recorded) => capturesOf(recorded).length > 0);

const WAYS = {
  all: () => true,
  "pod alone": ({ point }) => point === "pod-p1a.eth0",
  "any alone": ({ point }) => point === "node1.any",
  "eth0 alone": ({ point }) => point === "node1.eth0",
} as const satisfies Record<string, (capture: NamedCapture) => boolean>;

/** Of each that passes: what it is, by the topology. */
async function passes(bare: Report, question: Question): Promise<readonly string[]> {
  const passed = bare.connections.filter(({ verdict }) => verdict === "pass");
  if (passed.length === 0) return [];
  const told = await ask(question);
  const known = new Map(told.connections.map((one) => [one.id, one]));
  return passed.map(({ id, scenario }) => {
    const truth = known.get(id);
    return `${scenario}: ${truth?.scenario} ${truth?.verdict}`;
  });
}

const found: Record<string, string> = {};
const wrong: string[] = [];

test.each(CASES)("%s accuses nobody", async (recorded) => {
  for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
    const asked = { scenario: "auto", captures: capturesOf(recorded).filter(WAYS[way]) };
    const bare = await ask(asked);
    expect(bare.connections.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    const given = { ...NOTHING_GIVEN, topology: topologyOf(recorded) };
    const kinds = [...new Set(await passes(bare, { ...asked, given }))];
    if (kinds.length > 0) found[`${recorded}, ${way}`] = kinds.join("; ");
    wrong.push(
      ...kinds
        .filter((kind) => !/: (hostport|docker-published).* pass$/.test(kind))
        .map((kind) => `${recorded}, ${way}: ${kind}`),
    );
  }
});

test("what passes is what it is said to be", () => {
  expect(wrong).toEqual([]);
});

test("what each case passes with nothing told", () => {
  expect(found).toMatchInlineSnapshot(`
    {
      "broken-docker-container-icc, all": "hostport-external: docker-published pass",
      "broken-large-packets-dropped, all": "hostport-external: hostport-external pass",
      "broken-large-packets-dropped, any alone": "hostport-external: hostport-external pass",
      "broken-sidecar-bypassed, all": "hostport-external: hostport-external pass",
      "broken-sidecar-bypassed, any alone": "hostport-external: hostport-external pass",
      "broken-udp-replies-dropped, all": "hostport-external: hostport-external pass",
      "broken-udp-replies-dropped, any alone": "hostport-external: hostport-external pass",
      "capture-kernel-drops, all": "hostport-external: hostport-external pass",
      "capture-late-pod, all": "hostport-external: hostport-external pass",
      "capture-one-direction, all": "hostport-external: hostport-external pass",
      "capture-snaplen-96, any alone": "hostport-external: hostport-external pass",
      "docker-published, all": "hostport-external: docker-published pass",
      "docker-published-no-proxy, all": "hostport-external: docker-published pass; hostport-hairpin: docker-published pass",
      "hostport-client-behind-nat, all": "hostport-external: hostport-external pass",
      "hostport-counted, all": "hostport-pod: hostport-pod pass",
      "hostport-counted, any alone": "hostport-external: hostport-external pass",
      "hostport-external, all": "hostport-external: hostport-external pass",
      "hostport-external, any alone": "hostport-external: hostport-external pass",
      "hostport-hairpin, all": "hostport-hairpin: hostport-hairpin pass",
      "hostport-hairpin, pod alone": "hostport-hairpin: hostport-hairpin pass",
      "hostport-hairpin-promisc, all": "hostport-hairpin: hostport-hairpin pass",
      "hostport-hairpin-promisc, pod alone": "hostport-hairpin: hostport-hairpin pass",
      "hostport-hostip, all": "hostport-external: hostport-external pass",
      "hostport-hostip, any alone": "hostport-external: hostport-external pass",
      "hostport-mid-connection, all": "hostport-external: hostport-external pass",
      "hostport-mid-connection, any alone": "hostport-external: hostport-external pass",
      "hostport-pod-no-bridge-nf, all": "hostport-pod: hostport-pod pass",
      "hostport-pod-other-node, all": "hostport-pod: hostport-pod pass",
      "hostport-pod-same-node, all": "hostport-pod: hostport-pod pass",
      "hostport-two-pods, any alone": "hostport-external: hostport-external pass",
      "hostport-udp, all": "hostport-external: hostport-external pass",
      "hostport-udp, any alone": "hostport-external: hostport-external pass",
      "pod-dialled-by-address, all": "hostport-external: hostport-external pass",
      "pod-dialled-by-address, any alone": "hostport-external: hostport-external pass",
      "sidecar-redirect, all": "hostport-external: hostport-external pass",
      "sidecar-redirect, any alone": "hostport-external: hostport-external pass",
      "udp-fragments, any alone": "hostport-external: hostport-external pass",
    }
  `);
});

test("captures of pings alone hold nothing that a scenario is about", async () => {
  const captures = capturesOf("icmp-egress").filter(({ point }) => point === "node1.eth0");
  const { notes, verdict } = await ask({ scenario: "auto", captures, given: NOTHING_GIVEN });
  expect(verdict).toBe("inconclusive");
  expect(notes.join("\n")).toContain("no connection that a scenario is about in the capture");
});
