/** Every capture of a case damaged in the same way at once: no verdict turns into its opposite. */
import { expect, test } from "vitest";
import { AUTO } from "#verify/auto.js";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import type { Report } from "#verify/report.js";
import { trackCaptures, verifyCaptures, type TrackedCaptures } from "../../src/pipeline.js";
import { blockSource } from "../support/capture-read.js";
import { begunAfter, oneDirection, snaplen, withLoss, type Loss } from "../support/capture-loss.js";
import { reversalsOf, withoutReason } from "../support/replay-flips.js";
import {
  bytesOf,
  capturesOf,
  NOTHING_GIVEN,
  portmapOf,
  topologyOf,
  track,
} from "../support/verify-recorded.js";

/** Those whose packets come by a place twice, or are answered at lo; and some between nodes. */
const RECORDED = [
  "hostport-hairpin-promisc",
  "hostport-pod-same-node",
  "sidecar-redirect",
  "broken-sidecar-bypassed",
  "broken-hairpin-off",
  "broken-pod-to-pod-masqueraded",
  "session-affinity",
] as const;
const LOSSES = [oneDirection(0), oneDirection(1), snaplen(96), begunAfter(0.45)] as const;

test.each(RECORDED)("%s", async (recorded) => {
  const whole = await verdictOf(recorded, await track(capturesOf(recorded)));
  const wrong: string[] = [];
  for (const loss of LOSSES) {
    const part = await verdictOf(recorded, await trackLossy(recorded, loss));
    const found = [...reversalsOf(whole, part), ...withoutReason(part)];
    wrong.push(...found.map((it) => `${loss.name}: ${it}`));
  }
  expect(wrong).toEqual([]);
});

async function verdictOf(recorded: string, tracked: TrackedCaptures): Promise<Report> {
  const topology = topologyOf(recorded);
  const portmap = portmapOf(topology.portmap ?? CURRENT_PORTMAP);
  const given = { ...NOTHING_GIVEN, topology };
  return verifyCaptures(tracked, { scenario: AUTO, given, strict: false, portmap });
}

function trackLossy(recorded: string, loss: Loss): Promise<TrackedCaptures> {
  const inputs = capturesOf(recorded).map(({ point, path }) => {
    const bytes = withLoss(bytesOf(path), loss) ?? bytesOf(path);
    return { point, files: [{ name: path, open: () => blockSource(bytes, path) }] };
  });
  return trackCaptures(inputs, { facts: "all" });
}
