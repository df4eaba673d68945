/** The recorded cases, read in process and held against scenarios. Every file is tracked once. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GivenFacts } from "#cluster/facts.js";
import { readTopology } from "#cluster/topology-file.js";
import type { Topology } from "#cluster/topology.js";
import { CURRENT_PORTMAP, portmapBehaviour } from "#expected/rulesets/portmap.js";
import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import { findScenario } from "#expected/scenarios/index.js";
import { captureName } from "#observed/capture/capture-name.js";
import { AUTO } from "#verify/auto.js";
import type { Report } from "#verify/report.js";
import { trackCaptures, verifyCaptures, type TrackedCaptures } from "../../src/pipeline.js";
import { blockSource } from "./capture-read.js";

const FOLDER = fileURLToPath(new URL("../../captures/", import.meta.url));

/** `POINT=FILE`, with the file inside `captures/`. */
export interface NamedCapture {
  readonly point: string;
  readonly path: string;
}

/** `lab/` holds the scripts that made them. */
const FOLDERS: readonly string[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "lab")
  .map(({ name }) => name)
  .sort();

/** Every recorded case with a file per capture point. */
export const ALL_CASES: readonly string[] = FOLDERS.filter((name) => !isBundle(name));

/** Those that are as another tool collected them: archives, or folders of its own shape. */
export const BUNDLE_CASES: readonly string[] = FOLDERS.filter(isBundle);

function isBundle(recorded: string): boolean {
  return capturesOf(recorded).length === 0;
}

/**
 * About telling conversations apart and about how captures were taken: too many conversations, or
 * captures that see too little, for the tests that hand over captures in every way. Those read IPv4's rules.
 */
export const SEPARATE_CASES: readonly string[] = [
  "broken-hostport-notrack",
  "broken-plan-nodeport",
  "capture-kernel-drops",
  "capture-late-pod",
  "capture-one-direction",
  "capture-snaplen-96",
  "hostport-counted",
  "hostport-ipv6",
  "icmp-egress",
  "mixed-load",
  "mixed-load-late-pods",
  "mixed-load-mid-stream",
  "plan-nodeport",
  "recut",
  "recut-mid-stream",
  "udp-fragments",
];

/** Those of one story each. */
export const CASES: readonly string[] = ALL_CASES.filter((name) => !SEPARATE_CASES.includes(name));

/** Names of a case's files. */
export function filesOf(recorded: string): readonly string[] {
  return readdirSync(FOLDER + recorded).sort();
}

/** Every capture of a case under its own file's name, as `pcapcheck verify captures/CASE` takes them. */
export function capturesOf(recorded: string): readonly NamedCapture[] {
  return filesOf(recorded)
    .filter((file) => /\.pcap(ng)?$/.test(file))
    .map((file) => ({ point: captureName(file), path: `${recorded}/${file}` }));
}

/** One capture of a case, by its file's name without ending, and the point's name if it is another. */
export function captureOf(recorded: string, file: string, point = file): NamedCapture {
  const path = capturesOf(recorded).find((capture) => capture.point === file)?.path;
  if (path === undefined) throw new Error(`${recorded} has no capture ${file}`);
  return { point, path };
}

export function textOf(path: string): string {
  return readFileSync(FOLDER + path, "utf8");
}

export function bytesOf(path: string): Uint8Array {
  return readFileSync(FOLDER + path);
}

const topologies = new Map<string, Topology>();

export function topologyOf(recorded: string): Topology {
  const path = `${recorded}/topology.yaml`;
  const known = topologies.get(path) ?? readTopology({ file: path, text: textOf(path) });
  topologies.set(path, known);
  return known;
}

const tracked = new Map<string, Promise<TrackedCaptures>>();

function trackOne({ point, path }: NamedCapture): Promise<TrackedCaptures> {
  const key = `${point}=${path}`;
  const known =
    tracked.get(key) ??
    trackCaptures(
      [{ point, files: [{ name: path, open: () => blockSource(bytesOf(path), path) }] }],
      {
        facts: "all",
      },
    );
  tracked.set(key, known);
  return known;
}

/** What `trackCaptures` says of all of them at once: point by point, in the order given. */
export async function track(captures: readonly NamedCapture[]): Promise<TrackedCaptures> {
  const reports = await Promise.all(captures.map(trackOne));
  return {
    points: reports.flatMap(({ points }) => points),
    lists: reports.flatMap(({ lists }) => lists),
    connections: reports.flatMap(({ connections }) => [...connections]),
  };
}

export const NOTHING_GIVEN: GivenFacts = {
  node: undefined,
  pod: undefined,
  hostPort: undefined,
  containerPort: undefined,
  clients: undefined,
  topology: undefined,
};

/** `--node 10.20.32.204 --pod 10.233.1.2 --host-port 9000:8080`: true of every case with a hostPort. */
export const LAB_FLAGS: GivenFacts = {
  ...NOTHING_GIVEN,
  node: ["10.20.32.204"],
  pod: "10.233.1.2",
  hostPort: 9000,
  containerPort: 8080,
};

export interface Question {
  /** Its name, or `auto`. */
  readonly scenario: string;
  readonly captures: readonly NamedCapture[];
  readonly given?: GivenFacts;
  readonly strict?: boolean;
  /** The topology's, else the current one, as the command line has it. */
  readonly portmap?: string;
}

export async function ask(question: Question): Promise<Report> {
  const { captures, given = NOTHING_GIVEN, strict = false } = question;
  const scenario = question.scenario === AUTO.name ? AUTO : findScenario(question.scenario);
  if (!scenario) throw new Error(`no scenario ${question.scenario}`);
  const version = question.portmap ?? given.topology?.portmap ?? CURRENT_PORTMAP;
  return verifyCaptures(await track(captures), {
    scenario,
    given,
    strict,
    portmap: portmapOf(version),
  });
}

export function portmapOf(version: string): PortmapBehaviour {
  const behaviour = portmapBehaviour(version);
  if (!behaviour) throw new Error(`no portmap ${version}`);
  return behaviour;
}
