import { CURRENT_PORTMAP, portmapBehaviour } from "#expected/rulesets/portmap.js";
import { UnknownVersionError } from "#expected/network/unknown-version.js";
import type { TrackedPoint } from "#report/flows-report.js";
import type { Report } from "#verify/report.js";
import { verifyCaptures } from "../../pipeline.js";
import { readColourChoice, styleOf } from "../colour.js";
import { CannotCheck, EXIT } from "../exit.js";
import type { Io } from "../io.js";
import { layoutOf, writeAll } from "../output.js";
import type { VerifyFlags, WithFiles } from "../flags.js";
import { readCaptures } from "../reading.js";
import { readVerifyOptions } from "../verify-options.js";

/** Holds the connections of the captures against what a scenario expects. */
export async function verify(flags: WithFiles<VerifyFlags>, io: Io): Promise<number> {
  const options = await readVerifyOptions(flags);
  const { scenario, given, strict, expect, portmap, states, earlierRules, conntrack, format } =
    options;
  for (const remark of [...options.stateRemarks, ...conntrack.remarks])
    io.stderr.write(`${remark}\n`);
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);
  const { report: tracked, complete } = await readCaptures(flags, io, { facts: "all" });
  // stderr has said why; a program gets its document all the same.
  const isRead = tracked.points.some(isCapture);
  if (tracked.points.length === 0 || (!isRead && !format.machine)) return EXIT.couldNotCheck;

  const version = portmap?.version ?? given.topology?.portmap ?? CURRENT_PORTMAP;
  const behaviour = portmap ?? portmapBehaviour(version);
  if (behaviour === undefined) {
    throw new CannotCheck(`portmap ${version} of the topology: not a version from 0.6.0 on`);
  }
  const { entries } = conntrack;
  const asked = {
    scenario,
    given,
    strict,
    portmap: behaviour,
    states,
    earlierRules,
    conntrack: entries,
    expect,
  };
  const report = await verifyCaptures(tracked, asked).catch(refuseUnknownVersion);
  const render = await format.load();
  const layout = layoutOf(io.stdout, style);
  const context = { scenario, layout, verbose: flags.verbose, complete };
  await writeAll(io.stdout, render(report, context));
  return complete ? exitFor(report.verdict) : EXIT.couldNotCheck;
}

function refuseUnknownVersion(error: unknown): never {
  if (error instanceof UnknownVersionError) throw new CannotCheck(`--topology: ${error.message}`);
  throw error;
}

/** Nothing that was read as a capture is nothing to have a verdict about. */
function isCapture({ captures }: TrackedPoint): boolean {
  return captures.some(({ format }) => format !== undefined);
}

const CODES: Record<Report["verdict"], number> = {
  pass: EXIT.agreed,
  fail: EXIT.found,
  inconclusive: EXIT.inconclusive,
};

function exitFor(verdict: Report["verdict"]): number {
  return CODES[verdict];
}
