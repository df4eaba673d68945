import { CURRENT_PORTMAP, portmapBehaviour } from "#expected/rulesets/portmap.js";
import { UnknownVersionError } from "#expected/network/unknown-version.js";
import type { Topology } from "#cluster/topology.js";
import type { FlowsReport, TrackedPoint } from "#report/flows-report.js";
import { refuseUnknownConnections } from "../named-connections.js";
import type { RenderContext } from "#report/report-format.js";
import type { Report } from "#verify/report.js";
import { verifyCaptures, type CaptureInput } from "../../pipeline.js";
import { savedIn } from "../bundle/saved-in.js";
import { readColourChoice, styleOf } from "../colour.js";
import { CannotCheck, EXIT } from "../exit.js";
import type { Io } from "../io.js";
import { layoutAt } from "../layout-at.js";
import { layoutOf } from "../output.js";
import { readOutputTargets, type OutputTarget } from "../output-targets.js";
import type { VerifyFlags, WithFiles } from "../flags.js";
import { withInputs, type OpenInputs } from "../open-inputs.js";
import type { Progress } from "../progress.js";
import { readCaptures } from "../reading.js";
import { VERIFY_FORMATS, type VerifyFormat } from "../verify-formats.js";
import { readVerifyOptions } from "../verify-options.js";
import { writeOutputs, type Output } from "../write-outputs.js";

/** Holds the connections of the captures against what a scenario expects. */
export async function verify(flags: WithFiles<VerifyFlags>, io: Io): Promise<number> {
  const targets = readTargets(flags, io);
  return withInputs({ flags, io, wanted: "state too" }, (inputs) =>
    judge({ flags, targets }, inputs, io),
  );
}

interface Asked {
  readonly flags: VerifyFlags;
  readonly targets: readonly OutputTarget<VerifyFormat>[];
}

async function judge({ flags, targets }: Asked, inputs: OpenInputs, io: Io): Promise<number> {
  const options = await readVerifyOptions(flags, savedIn(inputs.bundles));
  const { scenario, given, strict, expect, portmap, states, earlierRules, conntrack } = options;
  for (const remark of [...options.stateRemarks, ...conntrack.remarks])
    io.stderr.write(`${remark}\n`);
  const style = styleOf(readColourChoice(flags.color), io.stdout, io.env);
  const {
    report: tracked,
    captures,
    progress,
    complete,
  } = await readCaptures(inputs, io, {
    facts: "all",
    readAgainFor: targets.some(({ format }) => "isBinary" in format) ? "-o pcapng" : undefined,
  });
  // stderr has said why; a program gets its document all the same.
  const isRead = tracked.points.some(isCapture);
  const asking = targets.filter(({ format }) => isRead || format.machine);
  if (tracked.points.length === 0 || asking.length === 0) return EXIT.couldNotCheck;

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
    journeysOf: flags.connection,
  };
  const report = await verifyCaptures(tracked, asked).catch(refuseUnknownVersion);
  refuseUnknownConnections(report, flags.connection);
  const layout = layoutOf(io.stdout, style);
  const context = {
    scenario,
    layout,
    verbose: flags.verbose,
    complete,
    journeysOf: flags.connection,
  };
  const outputs = [];
  for (const target of asking) {
    outputs.push(
      await outputOf(target, {
        report,
        captures,
        context,
        tracked,
        topology: given.topology,
        progress,
      }),
    );
  }
  const isWritten = await writeOutputs(outputs, io);
  return complete && isWritten ? exitFor(report.verdict) : EXIT.couldNotCheck;
}

function readTargets(flags: WithFiles<VerifyFlags>, io: Io): readonly OutputTarget<VerifyFormat>[] {
  const { output, files, topology = [], state, stateBefore, conntrack = [], scenario } = flags;
  const others = [state, stateBefore, scenario].filter((path) => path !== undefined);
  const inputs = [...files, ...topology, ...conntrack, ...others];
  return readOutputTargets({ words: output, formats: VERIFY_FORMATS, inputs, io });
}

interface Told {
  readonly report: Report;
  readonly captures: readonly CaptureInput[];
  readonly tracked: FlowsReport;
  readonly topology: Topology | undefined;
  readonly context: RenderContext;
  readonly progress: Progress | undefined;
}

async function outputOf(
  { format, place }: OutputTarget<VerifyFormat>,
  { report, captures, context, tracked, topology, progress }: Told,
): Promise<Output> {
  if ("isBinary" in format) {
    const write = await format.load();
    const { scenario, complete } = context;
    const chunks = write({ report, captures, scenario, complete, tracked, topology });
    return { place, chunks: watched(chunks, progress) };
  }
  const render = await format.load();
  const layout = layoutAt(place, context.layout);
  return { place, chunks: render(report, { ...context, layout }) };
}

/** The captures are read once more as the chunks are asked for. */
async function* watched(chunks: AsyncIterable<Uint8Array>, progress: Progress | undefined) {
  progress?.restart();
  for await (const chunk of chunks) {
    progress?.clear();
    yield chunk;
  }
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
