import { BEFORE } from "../before-folder.js";
import type { Recogniser } from "../recogniser.js";
import { readStateName } from "../state-name.js";

/**
 * `node1.iptables-save.txt`; `node1/iptables-save.txt` in a folder per node; and both in a folder
 * `before`, which is of before the captures.
 */
export const recogniseStateByName: Recogniser = ({ path, shown }) => {
  const name = readStateName(shown);
  if (!name) return undefined;
  const folders = path.split("/").slice(0, -1);
  const isBefore = folders.includes(BEFORE);
  const folder = folders.findLast((one) => one !== BEFORE) ?? "";
  const isInName = name.node !== "";
  return {
    as: isBefore ? "earlier state" : "state",
    node: isInName ? name.node : folder,
    kind: name.kind,
    by: isInName || folder === "" ? "its name" : "its name, its folder",
  };
};
