/** How a verdict is coloured. */
import type { Verdict } from "#verify/report.js";
import type { Tone } from "./style.js";

export const VERDICT_TONE: Record<Verdict, Tone> = {
  pass: "good",
  fail: "bad",
  inconclusive: "doubtful",
  "not applicable": "strong",
};
