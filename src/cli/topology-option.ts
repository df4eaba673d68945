/** Reads the file behind `--topology`. */
import { readFileSync } from "node:fs";
import type { Topology } from "#cluster/topology.js";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck, messageOf } from "./exit.js";
import { describeFileError } from "./inputs.js";

/**
 * Its YAML reader is loaded when it is needed: it takes as long as all the rest.
 * @throws CannotCheck with every fault's line and column.
 */
export async function readTopologyOption(file: string): Promise<Topology> {
  const text = readText(file);
  const { readTopology, TopologyError } = await import("#cluster/topology-file.js");
  try {
    return readTopology({ file, text });
  } catch (error) {
    if (error instanceof TopologyError) throw new CannotCheck(messageOf(error));
    throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CannotCheck(`--topology ${sanitize(file)}: ${describeFileError(error)}`);
  }
}
