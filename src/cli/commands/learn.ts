/** Writes a scenario file from captures in which everything is right. */
import { statSync } from "node:fs";
import { CURRENT_PORTMAP, type PortmapBehaviour } from "#expected/rulesets/portmap.js";
import { readScenarioFile, ScenarioFileError } from "#expected/scenario-files/scenario-file.js";
import { UnknownVersionError } from "#expected/network/unknown-version.js";
import { learntYaml } from "#report/learnt-yaml.js";
import { sanitize } from "#report/sanitize.js";
import { learntRows } from "#verify/learn/learnt-rows.js";
import type { LeftOut, Observation } from "#verify/learn/observation.js";
import type { Lesson } from "#verify/learn/learn.js";
import { learnCaptures } from "../../pipeline.js";
import { savedIn } from "../bundle/saved-in.js";
import { CannotCheck, EXIT } from "../exit.js";
import type { LearnFlags, WithFiles } from "../flags.js";
import type { Io } from "../io.js";
import { withInputs, type OpenInputs } from "../open-inputs.js";
import { writeAll } from "../output.js";
import { readCaptures } from "../reading.js";
import { readPortmap, readVerifyOptions } from "../verify-options.js";

export async function learn(flags: WithFiles<LearnFlags>, io: Io): Promise<number> {
  const cases = casesOf(flags.files);
  const lessons: CaseLesson[] = [];
  for (const files of cases) {
    const label = files.join(" ");
    const asked = { ...flags, files };
    const lesson = await withInputs({ flags: asked, io, wanted: "state too" }, (inputs) =>
      learnOne(asked, inputs, io),
    );
    lessons.push({ ...lesson, label });
  }
  const isOne = lessons.length === 1;
  const named = (label: string, id: string): string => (isOne ? id : `${label}:${id}`);
  const observations: Observation[] = lessons.flatMap(({ label, lesson }) =>
    lesson.observations.map((one) => ({ ...one, id: named(label, one.id) })),
  );
  const untold: LeftOut[] = lessons.flatMap(({ label, lesson }) =>
    lesson.leftOut.map((one) => ({ ...one, id: named(label, one.id) })),
  );
  const { rows, leftOut } = learntRows(observations);
  const all = [...untold, ...leftOut];
  for (const { id, why } of all) io.stderr.write(`left out: ${sanitize(id)}: ${sanitize(why)}\n`);
  if (rows.length === 0) throw new CannotCheck(NOTHING);
  const portmap = lessons[0]?.portmap ?? readPortmap(CURRENT_PORTMAP);
  const learnt = {
    name: flags.name,
    cases: lessons.map(({ label }) => label),
    rows,
    leftOut: all,
    portmap,
  };
  const text = [...learntYaml(learnt)].join("");
  refuseUnreadable(text);
  await writeAll(io.stdout, [text]);
  return exitFor(lessons, all);
}

/** A name that is taken, say: a file that `verify` refuses helps nobody. */
function refuseUnreadable(text: string): void {
  try {
    readScenarioFile({ file: "what was learnt", text });
  } catch (error) {
    if (!(error instanceof ScenarioFileError)) throw error;
    throw new CannotCheck(error.message.split("\n").map(sanitize).join("\n"));
  }
}

const NOTHING =
  "no connection of these captures passes and shows what was dialled: nothing was learnt\n" +
  "    try       pcapcheck verify --scenario auto says why";

interface CaseLesson {
  readonly label: string;
  readonly lesson: Lesson;
  readonly complete: boolean;
  readonly portmap: PortmapBehaviour;
}

async function learnOne(
  flags: WithFiles<LearnFlags>,
  inputs: OpenInputs,
  io: Io,
): Promise<Omit<CaseLesson, "label">> {
  const asked = { ...flags, output: [], scenario: "auto", strict: false };
  const options = await readVerifyOptions(asked, savedIn(inputs.bundles));
  const { given, states, conntrack, expect } = options;
  for (const remark of [...options.stateRemarks, ...conntrack.remarks])
    io.stderr.write(`${sanitize(remark)}\n`);
  if (given.topology === undefined) throw new CannotCheck(NEEDS_TOPOLOGY);
  const { report: tracked, complete } = await readCaptures(inputs, io, { facts: "all" });
  const portmap = options.portmap ?? readPortmap(given.topology.portmap ?? CURRENT_PORTMAP);
  const entries = conntrack.entries;
  const expectation = { given, strict: false, portmap, states, conntrack: entries, expect };
  const lesson = await learnCaptures(tracked, expectation).catch(refuseUnknownVersion);
  return { lesson, complete, portmap };
}

const NEEDS_TOPOLOGY =
  "learn needs a topology, in the bundle or as --topology FILE: it says whose the addresses are";

function refuseUnknownVersion(error: unknown): never {
  if (error instanceof UnknownVersionError) throw new CannotCheck(`--topology: ${error.message}`);
  throw error;
}

/** Each directory and archive is a case; files beside them are one together. */
function casesOf(files: readonly string[]): readonly (readonly string[])[] {
  const bundles = files.filter(isBundle);
  const rest = files.filter((file) => !isBundle(file));
  return [
    ...bundles.map((file) => [file]),
    ...(rest.length > 0 || files.length === 0 ? [rest] : []),
  ];
}

function isBundle(file: string): boolean {
  if (/\.(tar|tar\.gz|tgz)$/i.test(file)) return true;
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

function exitFor(lessons: readonly CaseLesson[], leftOut: readonly LeftOut[]): number {
  if (lessons.some(({ complete }) => !complete)) return EXIT.couldNotCheck;
  const hasFailed = lessons.some(({ lesson }) => lesson.report.verdict === "fail");
  if (hasFailed) return EXIT.found;
  return leftOut.length > 0 ? EXIT.inconclusive : EXIT.agreed;
}
