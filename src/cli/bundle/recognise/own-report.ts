import { isOwnReport } from "../../own-report.js";
import type { Recogniser } from "../recogniser.js";

/** What was written beside the captures: packets in it would be counted twice. */
export const recogniseOwnReport: Recogniser = ({ head }) =>
  isOwnReport(head)
    ? { as: "nothing", why: "a report of an earlier run", by: "its bytes" }
    : undefined;
