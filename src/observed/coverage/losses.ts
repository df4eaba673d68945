/**
 * Whether a capture shows that it lost packets itself. A full kernel buffer loses whatever comes,
 * of every connection and interface of the file, so one sure loss puts all of it in doubt.
 */
import { counted } from "#net/counted.js";
import type { CaptureInterface } from "#observed/capture/summary.js";
import type { Connection } from "#observed/flow/connection.js";

export interface Losses {
  /** As interface statistics of pcapng tell; undefined where the files say nothing, as classic pcap. */
  readonly dropped: number | undefined;
  /** Connections in which data was acknowledged that the capture never showed. */
  readonly connections: number;
  /** How often that happened in all of them. */
  readonly unseen: number;
}

export const NO_LOSSES: Losses = { dropped: undefined, connections: 0, unseen: 0 };

/** Zeek's gaps (history letter g): somebody has what never passed this point. */
export function unseenIn({ directions }: Connection): number {
  return directions.reduce((total, { unseenData = 0 }) => total + unseenData, 0);
}

export function withConnection(losses: Losses, connection: Connection): Losses {
  const unseen = unseenIn(connection);
  if (unseen === 0) return losses;
  const { connections, unseen: before } = losses;
  return { ...losses, connections: connections + 1, unseen: before + unseen };
}

/** Undefined plus a number is the number: some files tell. */
export function withDropped(losses: Losses, dropped: number | undefined): Losses {
  if (dropped === undefined) return losses;
  return { ...losses, dropped: (losses.dropped ?? 0) + dropped };
}

/** Over the interfaces of a file that say; undefined when none does. */
export function droppedBy(interfaces: readonly CaptureInterface[]): number | undefined {
  return interfaces.reduce((losses, { dropped }) => withDropped(losses, dropped), NO_LOSSES)
    .dropped;
}

/** A clause that follows the point's name; undefined where nothing shows a loss. */
export function describeLosses({ dropped, connections, unseen }: Losses): string | undefined {
  if (dropped !== undefined && dropped > 0) {
    return `the kernel dropped ${counted(dropped, "packet")} of this capture`;
  }
  if (unseen === 0) return undefined;
  const where = connections === 1 ? "1 connection" : `${connections} connections`;
  return `data was acknowledged ${times(unseen)} in ${where} that this capture never showed`;
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
