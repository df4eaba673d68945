import { CURRENT_PORTMAP, type PortmapBehaviour } from "#expected/rulesets/portmap.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { scenarioText } from "#report/scenario-text.js";
import { formatTable } from "#report/table.js";
import { readColourChoice, styleOf } from "../colour.js";
import { EXIT } from "../exit.js";
import type { ColourFlags, ScenarioFlags } from "../flags.js";
import type { Io } from "../io.js";
import { layoutAt } from "../layout-at.js";
import { layoutOf, writeAll } from "../output.js";
import { readOutputTargets } from "../output-targets.js";
import { readScenarioOption } from "../scenario-option.js";
import { readPortmap } from "../verify-options.js";
import { writeOutputs } from "../write-outputs.js";

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
  const { output: words, name } = flags;
  const targets = readOutputTargets({ words, formats: FORMATS, inputs: [name], io });
  const scenario = await readScenarioOption(name);
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);
  const portmap = readPortmap(flags.portmap ?? CURRENT_PORTMAP);
  const outputs = [];
  for (const { format, place } of targets) {
    const layout = layoutAt(place, layoutOf(io.stdout, style));
    const isYaml = format.name === "yaml";
    const chunks = isYaml
      ? await asYaml(scenario, portmap)
      : scenarioText(scenario, { portmap, layout });
    outputs.push({ place, chunks });
  }
  return (await writeOutputs(outputs, io)) ? EXIT.agreed : EXIT.couldNotCheck;
}

interface Format {
  readonly name: "text" | "yaml";
}

const FORMATS: readonly [Format, Format] = [{ name: "text" }, { name: "yaml" }];

async function asYaml(scenario: Scenario, portmap: PortmapBehaviour): Promise<Iterable<string>> {
  const { copiedScenario } = await import("#expected/scenario-files/copied-scenario.js");
  return copiedScenario(scenario, portmap);
}
