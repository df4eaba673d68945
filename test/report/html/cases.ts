/** Reports to make pages of, from recorded captures by the whole pipeline. */
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { findScenario } from "#expected/scenarios/index.js";
import type { Asked, RenderContext } from "#report/report-format.js";
import { PLAIN } from "#report/style.js";
import { verdictHtml } from "#report/html/verdict-html.js";
import { AUTO } from "#verify/auto.js";
import type { Report } from "#verify/report.js";
import { verifyCaptures } from "../../../src/pipeline.js";
import { statesOf } from "../../support/derived-topology.js";
import { conntrackOf } from "../../support/replay-cases.js";
import {
  ask,
  capturesOf,
  NOTHING_GIVEN,
  portmapOf,
  topologyOf,
  track,
} from "../../support/verify-recorded.js";
import { many } from "./many-connections.js";

export interface PageCase {
  readonly name: string;
  readonly asked: Asked;
  readonly report: () => Promise<Report>;
}

const HOST_PORT = findScenario("hostport-external") ?? AUTO;

export const PAGE_CASES: readonly PageCase[] = [
  { name: "pass", asked: HOST_PORT, report: once(passed) },
  { name: "lost-masquerade", asked: AUTO, report: once(lostMasquerade) },
  {
    name: "many-points",
    asked: AUTO,
    report: once(() => withState("broken-nodeport-no-masquerade")),
  },
  { name: "ten-thousand", asked: AUTO, report: once(tenThousand) },
];

/** Ten thousand connections take seconds to make. */
function once(make: () => Promise<Report>): () => Promise<Report> {
  let made: Promise<Report> | undefined;
  return () => (made ??= make());
}

export function pageOf(
  report: Report,
  asked: Asked = AUTO,
  { complete }: Pick<RenderContext, "complete"> = { complete: true },
): string {
  const layout = { width: undefined, style: PLAIN };
  const context = { scenario: asked, layout, verbose: false, complete };
  return [...verdictHtml(report, context)].join("");
}

function passed(): Promise<Report> {
  const captures = capturesOf("hostport-external").filter(({ path }) => /svc_host_port/.test(path));
  return ask({ scenario: HOST_PORT.name, captures });
}

const THREE_POINTS = ["pod-p1a.eth0", "node1.eth0", "client.eth0"];

function lostMasquerade(): Promise<Report> {
  return withState("broken-egress-no-masquerade", THREE_POINTS);
}

/** Every capture of a case, or those of some points, with the nodes' own rules. */
export async function withState(recorded: string, points?: readonly string[]): Promise<Report> {
  const topology = topologyOf(recorded);
  const captures = capturesOf(recorded);
  const chosen = captures.filter(({ point }) => points === undefined || points.includes(point));
  return verifyCaptures(await track(chosen), {
    scenario: AUTO,
    given: { ...NOTHING_GIVEN, topology },
    strict: false,
    portmap: portmapOf(topology.portmap ?? CURRENT_PORTMAP),
    states: statesOf(recorded),
    conntrack: conntrackOf(recorded),
  });
}

/** Cases that fail for reasons of their own, and one that passes. */
const BROKEN = [
  "broken-egress-no-masquerade",
  "broken-forward-drop",
  "broken-nothing-listening",
  "broken-no-dnat",
];

async function tenThousand(): Promise<Report> {
  const reports = await Promise.all(BROKEN.map((recorded) => withState(recorded)));
  return many([...reports, await withState("hostport-external")], 10_000);
}
