import { UnknownVersionError } from "#expected/network/unknown-version.js";
import { planText } from "#report/plan-text.js";
import { exampleCluster } from "#verify/plan/example-cluster.js";
import { makePlan } from "#verify/plan/make-plan.js";
import type { Plan } from "#verify/plan/plan.js";
import { TooMuchToPlan } from "#verify/plan/planned-paths.js";
import { CannotCheck, EXIT } from "../exit.js";
import type { Io } from "../io.js";
import { writeAll } from "../output.js";
import { readPlanOptions, type PlanFlags, type PlanOptions } from "../plan-options.js";

/** What to capture and save for a scenario. It asks nobody and runs nothing. */
export async function plan(flags: PlanFlags, io: Io): Promise<number> {
  const options = await readPlanOptions(flags);
  const made = planOf(options);
  const { entrance } = options;
  await writeAll(
    io.stdout,
    planText(made, { entrance, scenario: flags.scenario, topologies: flags.topology ?? [] }),
  );
  return EXIT.agreed;
}

function planOf({ scenario, topology, subject }: PlanOptions): Plan {
  const example = topology ? undefined : exampleCluster(scenario.name);
  const known = topology ?? example?.topology;
  if (known === undefined) {
    throw new CannotCheck(`--scenario ${scenario.name}: a plan for it needs --topology FILE`);
  }
  const made = trying(() =>
    makePlan({ scenario, topology: known, subject, placeholders: example?.placeholders ?? [] }),
  );
  if (made) return made;
  throw new CannotCheck(
    `--scenario ${scenario.name}: nothing in the topology makes such a connection\n` +
      `    try       pcapcheck scenarios show ${scenario.name}, which says what it needs; ` +
      "a client outside has to be listed under clients, or named by --client",
  );
}

function trying(make: () => Plan | undefined): Plan | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnknownVersionError) throw new CannotCheck(`--topology: ${error.message}`);
    if (error instanceof TooMuchToPlan) throw new CannotCheck(error.message);
    throw error;
  }
}
