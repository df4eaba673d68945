/** Whether captures saw enough, for a person: what counts, what not and why, what to do. */
import type { CaptureJudgement, JudgedPoint } from "#observed/coverage/capture-judgement.js";
import { counted } from "#net/counted.js";
import type { Grade, Remark } from "#observed/coverage/remark.js";
import type { EpochNs } from "#net/types.js";
import { describeDuration, describeTime } from "./describe-time.js";
import { hangingLines } from "./hanging.js";
import { sanitize } from "./sanitize.js";
import { formatTable, type Layout, type Row, type Table } from "./table.js";

export interface DoctorTextOptions {
  readonly layout: Layout;
  /** Names every point of a remark, and has a command for each point. */
  readonly verbose: boolean;
}

export function* doctorText(
  judgement: CaptureJudgement,
  options: DoctorTextOptions,
): Iterable<string> {
  const { layout } = options;
  yield* answer(judgement, layout);
  yield "\n";
  yield* formatTable(pointTable(judgement.points), layout);
  yield* windows(judgement, layout);
  for (const grade of ["limits", "unknown", "note"] as const) {
    for (const told of grouped(judgement.points, grade)) yield* remarkText(told, options);
  }
  yield* commands(judgement.points, options);
}

function* answer({ points, apart }: CaptureJudgement, layout: Layout): Iterable<string> {
  const limited = points.filter(({ isLimited }) => isLimited).length;
  const { style } = layout;
  if (limited === 0 && apart.length === 0) {
    const whole =
      points.length === 1 ? "the capture" : `any of the ${points.length} capture points`;
    yield `${style.good("SOUND")}  nothing shows that ${whole} lost or missed packets\n`;
    return;
  }
  const which = `${limited} of ${counted(points.length, "capture point")}`;
  const what =
    limited === 0
      ? "nothing shows that the captures were running at the same time"
      : `at ${which} a packet that is not there may have passed`;
  yield `${style.doubtful("LIMITED")}  ${what}\n`;
}

function pointTable(points: readonly JudgedPoint[]): Table {
  const days = points.flatMap(({ coverage: { first } }) =>
    first === undefined ? [] : [describeTime(first)?.slice(0, TIME.start)],
  );
  const isOneDay = new Set(days).size === 1;
  return {
    columns: [
      { heading: "POINT", align: "left", minimumWidth: 12 },
      { heading: "PACKETS", align: "right", minimumWidth: undefined },
      { heading: "CONNECTIONS", align: "right", minimumWidth: undefined },
      { heading: isOneDay ? "FROM (UTC)" : "FROM", align: "left", minimumWidth: undefined },
      { heading: "SECONDS", align: "right", minimumWidth: undefined },
      { heading: "ABSENCE", align: "left", minimumWidth: undefined },
    ],
    rows: points.map((point) => pointRow(point, isOneDay ? TIME : SECOND)),
  };
}

/** Of `2026-11-21T10:00:40.878434000Z` what tells which ran when. */
const SECOND = { start: 0, end: 19 };
const TIME = { start: 11, end: 19 };

function pointRow({ coverage, isLimited }: JudgedPoint, { start, end }: typeof TIME): Row {
  const { name, records, connections, first, last } = coverage;
  return [
    name,
    String(records),
    String(connections.all),
    first === undefined ? "" : (describeTime(first)?.slice(start, end) ?? ""),
    first === undefined || last === undefined ? "" : secondsBetween(first, last),
    isLimited ? { text: "proves nothing", tone: "doubtful" } : { text: "counts", tone: "good" },
  ];
}

/** To the millisecond. */
function secondsBetween(first: EpochNs, last: EpochNs): string {
  return (Number(last - first) / 1e9).toFixed(3);
}

function* windows({ together, apart, points }: CaptureJudgement, layout: Layout): Iterable<string> {
  if (apart.length > 0) {
    const text = `${apart.join(", ")}: nothing shows that they were recording at the same time, so a packet of one cannot be missed at another`;
    yield* labelled({ label: "limits", text }, layout);
    const remedy = "start all captures, then make the connection, then stop them";
    yield* labelled({ label: "try", text: remedy }, layout);
  } else if (together !== undefined && points.length > 1) {
    const begin = describeTime(together.first) ?? "?";
    const text = `from ${begin} for ${describeDuration(together)} every point is known to have been recording`;
    yield* labelled({ label: "together", text }, layout);
  }
}

interface Told extends Remark {
  /** Where the same is to be said, with the same figures or others. */
  readonly at: readonly string[];
}

/** What limits is told for each point; the rest once, for one reads it once. */
function grouped(points: readonly JudgedPoint[], grade: Grade): readonly Told[] {
  const told = new Map<string, Told>();
  for (const { coverage, remarks } of points) {
    for (const remark of remarks.filter((one) => one.grade === grade)) {
      const key = grade === "limits" ? `${remark.id} ${remark.text}` : remark.id;
      const known = told.get(key) ?? { ...remark, at: [] };
      told.set(key, { ...known, at: [...known.at, coverage.name] });
    }
  }
  return [...told.values()];
}

const MAX_POINTS = 3;

function* remarkText(remark: Told, { layout, verbose }: DoctorTextOptions): Iterable<string> {
  const { grade, text, remedy, at } = remark;
  const [first = "", ...rest] = at;
  const shown = verbose ? rest : rest.slice(0, MAX_POINTS);
  const more = rest.length - shown.length;
  const likewise = [...shown, ...(more > 0 ? [`${more} more`] : [])].join(", ");
  const where = likewise === "" ? first : `${first} (likewise ${likewise})`;
  yield* labelled({ label: grade, text: `${where}: ${text}` }, layout);
  if (remedy !== undefined) yield* labelled({ label: "try", text: remedy }, layout);
}

/** For what is limited; with one capture, which somebody will take again, in any case. */
function* commands(
  points: readonly JudgedPoint[],
  { layout, verbose }: DoctorTextOptions,
): Iterable<string> {
  const wanted = points.filter(({ isLimited }) => isLimited || verbose || points.length === 1);
  if (wanted.length > 0) yield "\n";
  for (const { command } of wanted) yield* labelled({ label: "capture", text: command }, layout);
}

const TONES = { limits: "doubtful", unknown: "doubtful" } as const;

interface Labelled {
  readonly label: string;
  readonly text: string;
}

/** What is to be said begins a paragraph; what to do about it belongs to it. */
function* labelled({ label, text }: Labelled, layout: Layout): Iterable<string> {
  const indents = { first: 0, hanging: 14 };
  const isFirst = label !== "try" && label !== "capture";
  const line = `    ${label.padEnd(10)}${sanitize(text)}`;
  const [first = "", ...more] = hangingLines(line, indents, layout);
  const tone = label === "limits" || label === "unknown" ? TONES[label] : undefined;
  yield `${isFirst ? "\n" : ""}${tone ? first.replace(label, layout.style[tone](label)) : first}\n`;
  for (const next of more) yield `${next}\n`;
}
