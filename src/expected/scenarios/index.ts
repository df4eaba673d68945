import hostNetworkExternal from "./hostnetwork-external.js";
import hostPortExternal from "./hostport-external.js";
import hostPortHairpin from "./hostport-hairpin.js";
import hostPortLocalhost from "./hostport-localhost.js";
import hostPortNode from "./hostport-node.js";
import hostPortPod from "./hostport-pod.js";
import type { Scenario } from "./scenario.js";

/** Every scenario, as `pcapcheck scenarios` lists them. To add one: write its file, add its line. */
export const SCENARIOS: readonly Scenario[] = [
  hostPortExternal,
  hostPortNode,
  hostPortLocalhost,
  hostPortHairpin,
  hostPortPod,
  hostNetworkExternal,
];

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
