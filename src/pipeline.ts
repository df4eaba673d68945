/** The whole program: capture files in; connections out, or a scenario's verdict about them. */
import { peekFirstTime } from "#observed/capture/peek-first-time.js";
import { readAny, type AnySource } from "#observed/capture/read-any.js";
import { orderSeries } from "#observed/capture/series.js";
import type { RecordSink } from "#observed/capture/record.js";
import type { CaptureSummary } from "#observed/capture/summary.js";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { droppedBy } from "#observed/coverage/losses.js";
import { PacketTally } from "#observed/coverage/packet-tally.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import type { ConnectionList } from "#observed/flow/connection-list.js";
import { FlowTracker, type FlowFacts } from "#observed/flow/tracker.js";
import type { Topology } from "#cluster/topology.js";
import type { TopologyText } from "#cluster/topology-file.js";
import type { AnnotatedCapture } from "#report/annotated/annotated-capture.js";
import type { PacketKeeper } from "#report/annotated/packet-keeper.js";
import type { FlowsReport } from "#report/flows-report.js";
import type { Lesson } from "#verify/learn/learn.js";
import type { Report } from "#verify/report.js";
import type { VerifyInput } from "#verify/verify-input.js";

/** One capture point and what was captured there: a file, or the files of a rotated series. */
export interface CaptureInput {
  readonly point: string;
  readonly files: readonly CaptureFile[];
}

export interface CaptureFile {
  /** What reports call it. */
  readonly name: string;
  /** Its bytes from the start. Of a series called twice: to find its place, then to read it all. */
  readonly open: () => AnySource & { close?(): void };
  /** A pipe: `open` gives nothing the second time. */
  readonly comesOnce?: true;
}

export interface TrackedCaptures extends FlowsReport {
  /** One per capture point: the connections before they are made. */
  readonly lists: readonly ConnectionList[];
}

export interface TrackOptions {
  readonly facts?: FlowFacts;
  /** Count over single packets too, which costs a third of the run: `TrackedPoint.packets`. */
  readonly packets?: "counted" | undefined;
}

/** Every connection at every capture point. To join or verify them, have all facts. */
export async function trackCaptures(
  inputs: readonly CaptureInput[],
  { facts = "totals", packets }: TrackOptions = {},
): Promise<TrackedCaptures> {
  const points = [];
  const lists: ConnectionList[] = [];
  for (const input of inputs) {
    const tally = packets && new PacketTally();
    const { tracker, captures } = await trackPoint(input, { facts, tally });
    const { count: connections } = tracker;
    const statistics = tracker.statistics();
    points.push({ name: input.point, captures, connections, statistics, packets: tally?.counts() });
    lists.push(tracker.list());
  }
  return {
    points,
    lists,
    connections: {
      *[Symbol.iterator]() {
        for (const list of lists) yield* list;
      },
    },
  };
}

/** The same, each connection with the id of its journey, as `verifyCaptures` gives them. */
export async function joinCaptures({ points, lists }: TrackedCaptures): Promise<FlowsReport> {
  // Loaded when it is needed, as below.
  const { journeyNumbers } = await import("#observed/correlate/join-packed.js");
  const numbers = journeyNumbers(lists);
  return {
    points,
    isJoined: true,
    connections: {
      *[Symbol.iterator]() {
        let leg = 0;
        for (const list of lists) {
          for (let place = 0; place < list.length; place++) {
            yield { ...list.totalsAt(place), journey: `c${numbers[leg++]}` };
          }
        }
      },
    },
  };
}

/** Topology files and what kubectl prints, one completing the other. Rejects with a `TopologyError`. */
export async function loadTopology(files: readonly TopologyText[]): Promise<Topology> {
  // Brings zod and yaml, which nothing else of the library needs.
  const { readTopologies } = await import("#cluster/topology-files.js");
  return readTopologies(files);
}

/** What a scenario is held against, and what was given about addresses. */
export type Expectation = Pick<
  VerifyInput,
  | "scenario"
  | "portmap"
  | "given"
  | "strict"
  | "states"
  | "earlierRules"
  | "conntrack"
  | "expect"
  | "journeysOf"
>;

/** The scenario's verdict about every connection at every capture point. */
export async function verifyCaptures(
  tracked: FlowsReport,
  expectation: Expectation,
): Promise<Report> {
  // Loaded when it is needed: `flows` starts a quarter faster without it.
  const { verify } = await import("#verify/verify.js");
  return verify({ ...expectation, ...readFrom(tracked) });
}

/** What the connections that pass under `auto` show, in the words of a scenario file's rows. */
export async function learnCaptures(
  tracked: FlowsReport,
  expectation: Omit<Expectation, "scenario">,
): Promise<Lesson> {
  const { learn } = await import("#verify/learn/learn.js");
  return learn({ ...expectation, ...readFrom(tracked) });
}

function readFrom(tracked: FlowsReport): Pick<VerifyInput, "captures" | "connections"> {
  const captures = tracked.points.flatMap(({ name: point, captures: files, statistics }) =>
    files.map(({ file, records, firstTime, lastTime, farthestBackNs, interfaces }) => ({
      point,
      file,
      records,
      first: firstTime,
      last: lastTime,
      farthestBackNs,
      dropped: droppedBy(interfaces),
      withoutPorts: statistics.withoutPorts,
    })),
  );
  return { captures, connections: [...tracked.connections] };
}

/** What the packets behind failed checks are written from. */
export interface AnnotateInput extends Pick<
  AnnotatedCapture,
  "report" | "scenario" | "complete" | "topology"
> {
  readonly tracked: FlowsReport;
  /** Those that were tracked. They are read a second time. */
  readonly captures: readonly CaptureInput[];
}

/** The packets behind failed checks as pcapng, with what they show as comments. */
export async function* annotateCaptures(asked: AnnotateInput): AsyncIterable<Uint8Array> {
  const { wantedPackets } = await import("#report/annotated/wanted-packets.js");
  const { PacketKeeper } = await import("#report/annotated/packet-keeper.js");
  const { annotatedCapture } = await import("#report/annotated/annotated-capture.js");
  const wanted = wantedPackets(asked.report);
  const keeper = new PacketKeeper(wanted);
  for (const input of asked.captures) {
    if (keeper.wants(input.files)) await trackPoint(input, { facts: "totals", keeper });
  }
  yield* annotatedCapture({ ...asked, points: asked.tracked.points, wanted, keeper });
}

interface Followed {
  readonly facts: FlowFacts;
  readonly tally?: PacketTally | undefined;
  readonly keeper?: PacketKeeper;
}

async function trackPoint({ point, files }: CaptureInput, { facts, tally, keeper }: Followed) {
  const captures: CaptureSummary[] = [];
  const tracker = new FlowTracker({ facts, watch: keeper?.watch });
  const packet = new DecodedPacket();
  const sink: RecordSink = (record) => {
    decodeRecord(record, packet);
    tracker.add(record, packet);
    tally?.add(record, packet);
  };
  keeper?.startPoint(point);
  for (const { name, file, firstTime } of await inOrder(files)) {
    tracker.startFile({ file: name, point, baseTime: firstTime });
    keeper?.startFile(name);
    const summary = await opened(file, (source) => readAny(source, keeper?.around(sink) ?? sink));
    keeper?.finishFile(summary);
    tracker.finishFile(summary);
    captures.push(summary);
  }
  return { tracker, captures };
}

async function inOrder(files: readonly CaptureFile[]) {
  const dated = [];
  for (const file of files) {
    const firstTime = files.length > 1 ? await opened(file, peekFirstTime) : undefined;
    dated.push({ name: file.name, file, firstTime });
  }
  return orderSeries(dated);
}

async function opened<Result>(file: CaptureFile, use: (source: AnySource) => Promise<Result>) {
  const source = file.open();
  try {
    return await use(source);
  } finally {
    source.close?.();
  }
}
