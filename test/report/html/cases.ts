/** Reports to make pages of, from recorded captures by the whole pipeline. */
import { fileURLToPath } from "node:url";
import { readStates } from "#cli/state-folder.js";
import { CURRENT_PORTMAP } from "#expected/rulesets/portmap.js";
import { findScenario } from "#expected/scenarios/index.js";
import type { Asked, RenderContext } from "#report/report-format.js";
import { PLAIN } from "#report/style.js";
import { verdictHtml } from "#report/html/verdict-html.js";
import { AUTO } from "#verify/auto.js";
import type { Report } from "#verify/report.js";
import { verifyCaptures } from "../../../src/pipeline.js";
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
  { name: "pass", asked: HOST_PORT, report: passed },
  { name: "lost-masquerade", asked: AUTO, report: lostMasquerade },
  { name: "many-points", asked: AUTO, report: () => withState("broken-nodeport-no-masquerade") },
  { name: "ten-thousand", asked: AUTO, report: tenThousand },
];

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
  const folder = fileURLToPath(new URL(`../../../captures/${recorded}`, import.meta.url));
  const captures = capturesOf(recorded);
  const chosen = captures.filter(({ point }) => points === undefined || points.includes(point));
  return verifyCaptures(await track(chosen), {
    scenario: AUTO,
    given: { ...NOTHING_GIVEN, topology },
    strict: false,
    portmap: portmapOf(topology.portmap ?? CURRENT_PORTMAP),
    states: {
      ipv4: readStates({ folder, family: "ipv4" }),
      ipv6: readStates({ folder, family: "ipv6" }),
    },
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
