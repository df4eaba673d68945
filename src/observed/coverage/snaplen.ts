import type { PointCoverage, ReadPoint } from "./point-coverage.js";

/** `96 bytes`, of the interface that keeps least; the files may not say. */
export function snaplenOf({ captures }: ReadPoint): string {
  const told = captures.flatMap(({ interfaces }) => interfaces.map(({ snaplen }) => snaplen));
  const limits = told.filter((bytes) => bytes > 0);
  return limits.length === 0 ? "a length not told" : `${Math.min(...limits)} bytes`;
}

/** Packets whose ports are there and whose TCP header is not whole. */
export function stopsInTcp({
  statistics,
  captures,
}: Pick<PointCoverage, "statistics" | "captures">) {
  if (captures.every(({ snappedRecords }) => snappedRecords === 0)) return 0;
  return statistics.stops
    .filter(({ kind, layer }) => kind === "truncated" && layer.startsWith("TCP"))
    .reduce((total, { packets }) => total + packets, 0);
}
