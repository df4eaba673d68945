import type { HostPortScenario } from "#expected/scenarios/scenario.js";
import { answered } from "./answered.js";
import type { CheckDefinition } from "./check.js";
import { dataArrives } from "./data-arrives.js";
import { delivered } from "./delivered.js";
import { destinationKept, deliveredToNode } from "./host-network.js";
import { destinationTranslated } from "./destination-translated.js";
import { replyTranslated } from "./reply-translated.js";
import { seenEverywhere } from "./seen-everywhere.js";
import { source } from "./source.js";

const HOST_PORT: readonly CheckDefinition[] = [
  destinationTranslated,
  source,
  delivered,
  answered,
  replyTranslated,
  dataArrives,
  seenEverywhere,
];

const HOST_NETWORK: readonly CheckDefinition[] = [
  destinationKept,
  source,
  deliveredToNode,
  answered,
  dataArrives,
  seenEverywhere,
];

/** In the order of the packet's path, which is the order of the report. */
export function checksFor({ target }: HostPortScenario): readonly CheckDefinition[] {
  return target === "hostPort" ? HOST_PORT : HOST_NETWORK;
}
