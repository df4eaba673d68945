/** Reads the files behind `--topology`. */
import type { Topology } from "#cluster/topology.js";
import { diskFile } from "./bundle/disk-file.js";
import type { SavedFile } from "./bundle/saved-file.js";
import { CannotCheck, messageOf } from "./exit.js";

/**
 * Its YAML reader is loaded when it is needed: it takes as long as all the rest.
 * @throws CannotCheck with every fault's place.
 */
export function readTopologyOption(paths: readonly string[]): Promise<Topology> {
  return readSavedTopology(paths.map((path) => diskFile(path, "--topology ")));
}

/** @throws CannotCheck with every fault's place. */
export async function readSavedTopology(files: readonly SavedFile[]): Promise<Topology> {
  const texts = files.map(({ file, read }) => ({ file, text: read() }));
  const { TopologyError } = await import("#cluster/topology-file.js");
  const { readTopologies } = await import("#cluster/topology-files.js");
  try {
    return readTopologies(texts);
  } catch (error) {
    if (error instanceof TopologyError) throw new CannotCheck(messageOf(error));
    throw error;
  }
}
