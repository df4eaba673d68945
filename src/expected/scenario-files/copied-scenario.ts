/** A scenario as `scenarios show -o yaml` writes it, under a name of its own. */
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { scenarioYaml } from "./scenario-yaml.js";

export function copiedScenario(scenario: Scenario, portmap: PortmapBehaviour): Iterable<string> {
  const isBuiltIn = scenario.file === undefined;
  const name = isBuiltIn ? `my-${scenario.name}` : scenario.name;
  return scenarioYaml(scenario, { name, portmap, comments: commentsOf(scenario, portmap) });
}

function commentsOf(scenario: Scenario, { version }: PortmapBehaviour): readonly string[] {
  const origin =
    scenario.file === undefined
      ? [
          `A copy of the built-in scenario ${scenario.name}, under a name of its own. Change it, then:`,
          "    pcapcheck verify CAPTURES --topology topology.yaml --scenario THIS-FILE",
          "docs/scenario-files.md explains the format; the schema of the first line is in docs/schema.",
        ]
      : [];
  return [...origin, ...(scenario.target === "path" ? OF_PATHS : ofHostPorts(version))];
}

const OF_PATHS = [
  "A row is one kind of connection: the first whose client, dialled, endpoint and policy (left out: " +
    "whatever it is) are a connection's is held against it.",
  "points: what each kind of capture point shows, from the client to the server, each as source > " +
    "destination; :* is a port drawn at random. `seen: must`, may or never.",
];

function ofHostPorts(version: string): readonly string[] {
  return [
    `The rows are as portmap ${version} makes them; --portmap has another version's.`,
    "A row is one class of clients; source is what the pod must see: kept, or the bridge's address.",
    "points: what each kind of capture point shows; of several requests or replies any is right. " +
      "`seen: always`, maybe or never.",
  ];
}
