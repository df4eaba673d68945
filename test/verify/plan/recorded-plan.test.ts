/** The plan that the lab ran is the one that is printed today, and what it left can be verified. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findScenario } from "#expected/scenarios/index.js";
import { prefixOf } from "#net/prefix.js";
import { planText } from "#report/plan-text.js";
import { makePlan } from "#verify/plan/make-plan.js";
import { textOf, topologyOf } from "../../support/verify-recorded.js";
import { runProgram } from "../../cli/run-program.js";

const SCENARIO = "nodeport-cluster";
const CASES = ["plan-nodeport", "broken-plan-nodeport"] as const;

const folder = mkdtempSync(join(tmpdir(), "plan-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(CASES)("%s was run as the plan is printed today", (recorded) => {
  const scenario = findScenario(SCENARIO);
  const subject = {
    service: "default/api",
    node: "node1",
    clients: [prefixOf("198.51.100.79", 32)],
  };
  const plan = scenario && makePlan({ scenario, topology: topologyOf(recorded), subject });
  if (!plan) throw new Error("no plan");
  const text = planText(plan, {
    entrance: "netns",
    scenario: SCENARIO,
    topologies: ["topology.yaml"],
  });
  expect([...text].join(""), `npm run lab -- ${recorded}`).toBe(textOf(`${recorded}/plan.txt`));
});

/** As part 3 of the plan packs it, beside the folder itself. */
function packed(recorded: string): string {
  const file = join(folder, `${recorded}.tgz`);
  const { status } = spawnSync("tar", ["czf", file, "-C", "captures", recorded]);
  if (status !== 0) throw new Error("tar did not pack it");
  return file;
}

const FORMS = [
  { form: "the folder", pathOf: (recorded: string) => `captures/${recorded}` },
  { form: "the archive", pathOf: packed },
];

interface Verdict {
  readonly connections: readonly {
    readonly scenario: string;
    readonly verdict: string;
    readonly checks: readonly { readonly finding?: { readonly id: string } | null }[];
    readonly attributions: readonly { readonly kind: string }[];
  }[];
}

async function verified(path: string) {
  const { stdout, code } = await runProgram(["verify", path, "--scenario", SCENARIO, "-o", "json"]);
  const { connections } = JSON.parse(stdout) as Verdict;
  return { exitCode: code, own: connections.filter(({ scenario }) => scenario === SCENARIO) };
}

describe.each(FORMS)("given as $form, without a flag that says where anything is", ({ pathOf }) => {
  test("the healthy one passes", async () => {
    const { exitCode, own } = await verified(pathOf("plan-nodeport"));
    expect(exitCode).toBe(0);
    expect(own.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "pass", "pass"]);
  });

  test("the broken one fails for what was broken", async () => {
    const { exitCode, own } = await verified(pathOf("broken-plan-nodeport"));
    expect(exitCode).toBe(1);
    expect(own.map(({ verdict }) => verdict)).toEqual(["fail", "fail"]);
    for (const { checks, attributions } of own) {
      const found = checks.flatMap(({ finding }) => finding?.id ?? []);
      expect(found).toContain("masquerade-lost");
      expect(JSON.stringify(attributions)).toContain("KUBE-MARK-MASQ");
    }
  });
});
