/** Which rules of the saved files a captured connection meets, and how often it makes them count. */
import type { Rule } from "#expected/netfilter/rule.js";
import type { Hop, Path } from "#expected/network/path.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { EpochNs } from "#net/types.js";

export interface Meeting {
  readonly at: Hop["namespace"];
  readonly rule: Rule;
  /** Packets of this connection: those it must count, and of nat those it can. */
  readonly atLeast: number;
  readonly atMost: number | undefined;
}

export interface RuleMeetings {
  readonly connection: string;
  /** Of the connection, where it was seen first. */
  readonly first: EpochNs;
  readonly meetings: readonly Meeting[];
}

export interface Met {
  readonly journey: Journey;
  /** Nodes and pods whose captures show it: whether it came to others they cannot say. */
  readonly seenAt: ReadonlySet<string>;
}

/** Several paths where the saved rules leave it to chance and the captures do not tell which was taken. */
export function ruleMeetings(met: Met, paths: readonly Path[]): RuleMeetings | undefined {
  const { journey } = met;
  const [begin] = journey.connections;
  const [first, ...others] = paths.map((path) => meetingsOf(met, path));
  if (begin === undefined || first === undefined) return undefined;
  const all = [first, ...others];
  const known = new Map(all.flat().map((meeting) => [placeOf(meeting), meeting]));
  const meetings = [...known].map(([place, meeting]) =>
    all.every((list) => list.some((one) => placeOf(one) === place))
      ? meeting
      : { ...meeting, atLeast: 0 },
  );
  return { connection: journey.id, first: begin.first, meetings };
}

export function placeOf({ at: { kind, name }, rule: { line } }: Pick<Meeting, "at" | "rule">) {
  return `${kind} ${name} ${line}`;
}

function meetingsOf(met: Met, { request, reply }: Path): readonly Meeting[] {
  return [
    ...request.flatMap((hop) => meetingsAt(met, hop)),
    ...(reply?.hops ?? []).flatMap((hop) => meetingsAt(met, hop)),
  ];
}

function meetingsAt({ journey, seenAt }: Met, { namespace: at, trace }: Hop): readonly Meeting[] {
  const begins = beginnings(journey);
  const atLeast = seenAt.has(at.name) ? Math.min(begins, 1) : 0;
  // Nothing remembers a first packet that was dropped, so each repetition begins anew.
  const times = trace.entry === undefined ? begins : 1;
  return trace.steps.flatMap((step) => {
    if (step.kind !== "rule") return [];
    const { rule, table } = step;
    return [{ at, rule, atLeast, atMost: table === "nat" ? Math.max(times, 1) : undefined }];
  });
}

/** SYNs that were seen; 0 where no capture shows how it began, for then it may be older than the counters. */
function beginnings({ protocol, connections }: Journey): number {
  if (protocol !== "tcp") return 0;
  return Math.max(0, ...connections.map(({ directions: [client] }) => client.syns));
}
