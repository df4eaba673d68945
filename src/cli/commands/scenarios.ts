import { CURRENT_PORTMAP, type PortmapBehaviour } from "#expected/rulesets/portmap.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { scenarioText } from "#report/scenario-text.js";
import { formatTable } from "#report/table.js";
import { readColourChoice, styleOf } from "../colour.js";
import { EXIT } from "../exit.js";
import type { ColourFlags, ScenarioFlags } from "../flags.js";
import { readFormat } from "../format-option.js";
import type { Io } from "../io.js";
import { layoutOf, writeAll } from "../output.js";
import { readScenarioOption } from "../scenario-option.js";
import { readPortmap } from "../verify-options.js";

/** Every scenario, a line each. */
export async function listScenarios(flags: ColourFlags, io: Io): Promise<number> {
  const columns = [
    { heading: "NAME", align: "left", minimumWidth: undefined },
    { heading: "TITLE", align: "left", minimumWidth: 20 },
    { heading: "QUESTION", align: "left", minimumWidth: 20 },
  ] as const;
  const rows = SCENARIOS.map(({ name, title, question }) => [name, title, question]);
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);
  await writeAll(io.stdout, formatTable({ columns, rows }, layoutOf(io.stdout, style)));
  return EXIT.agreed;
}

/** One scenario in words or as a file to copy from, as the portmap plugin of a version makes it. */
export async function showScenario(
  flags: ScenarioFlags & { readonly name: string },
  io: Io,
): Promise<number> {
  const scenario = await readScenarioOption(flags.name);
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);
  const portmap = readPortmap(flags.portmap ?? CURRENT_PORTMAP);
  const layout = layoutOf(io.stdout, style);
  const { name } = readFormat({
    text: flags.output,
    formats: [{ name: "text" }, { name: "yaml" }],
  });
  if (name === "text") await writeAll(io.stdout, scenarioText(scenario, { portmap, layout }));
  else await writeYaml(scenario, { portmap, io });
  return EXIT.agreed;
}

async function writeYaml(
  scenario: Scenario,
  { portmap, io }: { readonly portmap: PortmapBehaviour; readonly io: Io },
): Promise<void> {
  const { copiedScenario } = await import("#expected/scenario-files/copied-scenario.js");
  await writeAll(io.stdout, copiedScenario(scenario, portmap));
}
