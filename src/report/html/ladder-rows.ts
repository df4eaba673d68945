/** What stands below each other in a ladder: hops that show the same are one row, a rewrite stands between. */
import type { Rewrite } from "#verify/journey-stop.js";
import { inDrawnOrder, isAlike } from "./ladder-order.js";
import type { LadderStop } from "./ladder-stops.js";
import { isRewritten } from "./rewritten.js";

export type LadderRow = HeadingRow | RewriteRow | HopsRow;

export interface HeadingRow {
  readonly kind: "heading";
  readonly direction: LadderStop["direction"];
}

/** Between the column before and the one behind it. */
export interface RewriteRow {
  readonly kind: "rewrite";
  readonly rewrite: Rewrite;
  /** Undefined where what came of it was not seen. */
  readonly isDone: boolean | undefined;
  /** Places of columns; `from` is undefined in front of the first stop. */
  readonly from: number | undefined;
  readonly to: number;
}

/** An arrow per hop, all of them with one label. */
export interface HopsRow {
  readonly kind: "hops";
  readonly direction: LadderStop["direction"];
  /** What all its stops are. */
  readonly stop: LadderStop;
  /** Where the first arrow begins; undefined for one that comes from outside of the captures. */
  readonly from: number | undefined;
  readonly through: readonly number[];
}

export function ladderRows(
  stops: readonly LadderStop[],
  columns: readonly { readonly point: string }[],
): readonly LadderRow[] {
  const places = new Map(columns.map(({ point }, at) => [point, at] as const));
  const placeOf = (point: string): number => places.get(point) ?? 0;
  return (["request", "reply"] as const).flatMap((direction): LadderRow[] => {
    const rows: LadderRow[] = [];
    let last: number | undefined;
    let lastSeen: number | undefined;
    const way = stops.filter((stop) => stop.direction === direction);
    const { along, aside } = inDrawnOrder(way, placeOf);
    for (const stop of along) {
      const to = placeOf(stop.point);
      // What is seen came from where it was seen, whatever should have been between.
      const from = stop.observed === undefined ? last : lastSeen;
      for (const rewrite of stop.rewrites) {
        rows.push({ kind: "rewrite", rewrite, isDone: isRewritten(rewrite, stop), from, to });
      }
      addHop(rows, { stop, from, to });
      last = to;
      if (stop.observed !== undefined) lastSeen = to;
    }
    for (const stop of aside) addHop(rows, { stop, from: undefined, to: placeOf(stop.point) });
    return rows.length === 0 ? [] : [{ kind: "heading", direction }, ...rows];
  });
}

interface Hop {
  readonly stop: LadderStop;
  readonly from: number | undefined;
  readonly to: number;
}

/** To the row before where it goes on in the same way and shows the same. */
function addHop(rows: LadderRow[], { stop, from, to }: Hop): void {
  const last = rows.at(-1);
  if (last?.kind === "hops" && from !== undefined && isAlike(last.stop, stop)) {
    const way = last.through.length > 1 || last.from !== undefined ? headingOf(last) : 0;
    if (to !== from && (way === 0 || way === Math.sign(to - from))) {
      rows[rows.length - 1] = { ...last, through: [...last.through, to] };
      return;
    }
  }
  rows.push({ kind: "hops", direction: stop.direction, stop, from, through: [to] });
}

/** 1 to the right, -1 to the left. */
function headingOf({ from, through }: HopsRow): number {
  return Math.sign((through.at(-1) ?? 0) - (through.at(-2) ?? from ?? 0));
}
