/**
 * Many conversations at once where every capture shows less, or by a clock of its own: less may be joined then,
 * and nothing wrongly.
 */
import { afterAll, expect, test } from "vitest";
import type { Connection } from "#observed/flow/connection.js";
import { trackCaptures } from "../../../src/pipeline.js";
import {
  burst,
  oneDirection,
  singles,
  snaplen,
  withLoss,
  type Loss,
} from "../../support/capture-loss.js";
import { blockSource } from "../../support/capture-read.js";
import { ConntrackOracle } from "../../support/conntrack-oracle.js";
import { knownOf, lineOf, pairsOf, type Pairs } from "../../support/joined-pairs.js";
import { shiftClock } from "../../support/shifted-clock.js";
import { bytesOf, capturesOf } from "../../support/verify-recorded.js";

const CASES = [
  "hostport-ipv6",
  "icmp-egress",
  "mixed-load",
  "mixed-load-late-pods",
  "mixed-load-mid-stream",
  "recut",
  "recut-mid-stream",
  "udp-fragments",
];

const less =
  (lossOf: (at: number) => Loss) =>
  (bytes: Uint8Array, at: number): Uint8Array =>
    withLoss(bytes, lossOf(at)) ?? bytes;

/** By the number of the capture, so that each loses something else. */
const CHANGES: Readonly<Record<string, (bytes: Uint8Array, at: number) => Uint8Array>> = {
  "1 % lost": less((at) => singles(at, 1)),
  "20 % lost": less((at) => singles(at, 20)),
  "50 % lost": less((at) => singles(at, 50)),
  "a run lost": less((at) => burst(at)),
  "96 bytes kept": less(() => snaplen(96)),
  "64 bytes kept": less(() => snaplen(64)),
  "one direction, by turns": less((at) => oneDirection(at % 2 === 0 ? 0 : 1)),
  "clocks minutes apart": (bytes, at) =>
    shiftClock(bytes, { offsetSeconds: at * 173 - 1800, driftPpm: 50 - at * 7 }),
};

const shares = new Map<string, Pairs[]>();

const ROWS = CASES.flatMap((recorded) =>
  Object.entries(CHANGES).map(([name, change]) => ({ recorded, name, change })),
);

test.each(ROWS)("$recorded, $name: no wrong pair", async ({ recorded, name, change }) => {
  const read = new Map(
    capturesOf(recorded).map(({ path }, at) => [path, change(bytesOf(path), at)]),
  );
  const oracle = new ConntrackOracle(recorded, (path) => read.get(path) ?? bytesOf(path));
  const pairs = pairsOf(knownOf(await connectionsOf(recorded, read), oracle));
  shares.set(name, [...(shares.get(name) ?? []), pairs]);
  expect(pairs.wrong).toEqual([]);
});

async function connectionsOf(
  recorded: string,
  read: ReadonlyMap<string, Uint8Array>,
): Promise<readonly Connection[]> {
  const captures = capturesOf(recorded).map(({ point, path }) => ({
    point,
    files: [{ name: path, open: () => blockSource(read.get(path) ?? new Uint8Array(0), path) }],
  }));
  const { connections } = await trackCaptures(captures, { facts: "all" });
  return [...connections];
}

afterAll(() => {
  const lines = [...shares].map(([name, pairs]) => lineOf(name, pairs));
  process.stdout.write(`pairs joined of captures that show less:\n${lines.join("")}`);
});
