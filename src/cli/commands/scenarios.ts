import { SCENARIOS } from "#expected/scenarios/index.js";
import { formatTable } from "#report/table.js";
import { styleOf } from "../colour.js";
import { EXIT } from "../exit.js";
import type { Io } from "../io.js";
import { layoutOf, writeAll } from "../output.js";
import { readScenario } from "../verify-options.js";

/** Every scenario, a line each. */
export async function listScenarios(io: Io): Promise<number> {
  const columns = [
    { heading: "NAME", align: "left", minimumWidth: undefined },
    { heading: "TITLE", align: "left", minimumWidth: 20 },
    { heading: "QUESTION", align: "left", minimumWidth: 20 },
  ] as const;
  const rows = SCENARIOS.map(({ name, title, question }) => [name, title, question]);
  const style = styleOf("auto", io.stdout, io.env);
  await writeAll(io.stdout, formatTable({ columns, rows }, layoutOf(io.stdout, style)));
  return EXIT.agreed;
}

/** One scenario in words. */
export async function showScenario(name: string, io: Io): Promise<number> {
  const { title, question, explanation } = readScenario(name);
  await writeAll(io.stdout, [`${name}: ${title}\n`, `${question}\n`, `\n${explanation}\n`]);
  return EXIT.agreed;
}
