import { isTarHead } from "../entry-head.js";
import type { Recogniser } from "../recogniser.js";

/** A tar archive, compressed or not. */
export const recogniseArchive: Recogniser = ({ head }) =>
  isTarHead(head) ? { as: "archive", by: "its bytes" } : undefined;
