import { readFileSync } from "node:fs";
import type { ConntrackText } from "#observed/conntrack/read-conntrack.js";

const FOLDER = new URL("../fixtures/conntrack/", import.meta.url);

/** A file of fixtures/conntrack, as a node's. */
export function fixture(file: string): ConntrackText {
  return { node: "router", file, text: readFileSync(new URL(file, FOLDER), "utf8") };
}
