/** A capture whose clock was set while it ran: what it lacks proves nothing, and nothing waited for hours. */
import { expect, test } from "vitest";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { longWaits } from "#report/latency-text.js";
import type { FlowsReport } from "#report/flows-report.js";
import { AUTO } from "#verify/auto.js";
import type { Report } from "#verify/report.js";
import { verifyCaptures } from "../../src/pipeline.js";
import { flipsOf, withoutReason } from "../support/replay-flips.js";
import { trackShifted } from "../support/shifted-clock.js";
import {
  capturesOf,
  NOTHING_GIVEN,
  portmapOf,
  topologyOf,
  track,
} from "../support/verify-recorded.js";

const CASES = [
  "hostport-external",
  "nodeport-cluster",
  "broken-return-route",
  "broken-forward-drop",
];

function ask(recorded: string, tracked: FlowsReport): Promise<Report> {
  const topology = topologyOf(recorded);
  const portmap = portmapOf(topology.portmap ?? CURRENT_PORTMAP);
  const given = { ...NOTHING_GIVEN, topology };
  return verifyCaptures(tracked, { scenario: AUTO, given, strict: false, portmap });
}

const rows = CASES.flatMap((recorded) =>
  capturesOf(recorded)
    .filter(({ point }) => /uplink|eth0|cni0/.test(point))
    .flatMap((capture) => [-3600, 3600].map((seconds) => ({ recorded, capture, seconds }))),
);

test.each(rows)("$recorded: $capture.point set by $seconds s in the middle", async (row) => {
  const { recorded, capture, seconds } = row;
  const captures = capturesOf(recorded);
  const whole = await ask(recorded, await track(captures));
  const clock = { offsetSeconds: seconds, driftPpm: 0, setBehind: 0.5 };
  const part = await ask(recorded, await trackShifted(captures, { capture, clock }));
  expect(flipsOf(whole, part)).toEqual([]);
  expect(withoutReason(part)).toEqual([]);
  const waits = longWaits(part.connections).filter((text) => /\d{3}\.\d\d s/.test(text));
  // One exchange astride of the step looks like a slow server, and from this file alone it may be one.
  const believed = waits.filter((text) => !/a clock was set|the server took/.test(text));
  expect(believed).toEqual([]);
});
