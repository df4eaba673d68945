/** node load.mjs FILE (parse | topology): a cluster's objects, parsed alone or read as a topology. */
import { readFileSync } from "node:fs";
import { readTopologies } from "../../dist/cluster/topology-files.js";

const [, , file = "", what] = process.argv;
const text = readFileSync(file, "utf8");
if (what === "parse") JSON.parse(text);
else readTopologies([{ file, text }]);
