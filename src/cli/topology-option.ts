/** Reads the files behind `--topology`. */
import { readFileSync } from "node:fs";
import type { Topology } from "#cluster/topology.js";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck, messageOf } from "./exit.js";
import { describeFileError } from "./inputs.js";

/**
 * Its YAML reader is loaded when it is needed: it takes as long as all the rest.
 * @throws CannotCheck with every fault's place.
 */
export async function readTopologyOption(files: readonly string[]): Promise<Topology> {
  const texts = files.map((file) => ({ file, text: readText(file) }));
  const { TopologyError } = await import("#cluster/topology-file.js");
  const { readTopologies } = await import("#cluster/topology-files.js");
  try {
    return readTopologies(texts);
  } catch (error) {
    if (error instanceof TopologyError) throw new CannotCheck(messageOf(error));
    throw error;
  }
}

function readText(file: string): string {
  try {
    // With an encoding Node 20 reads a file of 100 MB twice as slowly.
    return readFileSync(file).toString("utf8");
  } catch (error) {
    throw new CannotCheck(`--topology ${sanitize(file)}: ${describeFileError(error)}`);
  }
}
