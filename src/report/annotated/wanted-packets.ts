/** Which packets tell the story of what failed, by where the report cites them. */
import type { Check, ConnectionReport, Report, ReportedSighting } from "#verify/report.js";
import { told } from "../check-table.js";
import { failureGroups } from "../failure-groups.js";

/** Connections of which more than the cited packets are kept. */
export const MAX_STORIES = 1000;

export interface WantedPackets {
  readonly files: ReadonlyMap<string, WantedOfFile>;
  /** Failed connections of which only the cited packets are kept. */
  readonly withoutStory: number;
}

/** By packet number. */
export interface WantedOfFile {
  /** The first packet of one direction of a connection whose story is told. */
  readonly sightings: ReadonlyMap<number, readonly WantedSighting[]>;
  readonly evidence: ReadonlyMap<number, readonly CitedCheck[]>;
}

export interface WantedSighting extends ReportedSighting {
  readonly id: string;
}

/** A failed check, and the connections that it is one of. */
export interface CitedCheck {
  readonly check: Check;
  readonly ids: readonly string[];
}

export function wantedPackets(report: Report): WantedPackets {
  const groups = failureGroups(report).map(({ ids }) => ids);
  const stories = new Set(inTurns(groups, MAX_STORIES));
  const files = new Files();
  for (const connection of report.connections) {
    if (stories.has(connection.id)) addSightings(files, connection);
  }
  for (const { check, ids } of told(report)) {
    if (check.verdict === "fail") files.cite(check, ids);
  }
  const failed = new Set(groups.flat());
  return { files: files.byName, withoutStory: failed.size - stories.size };
}

/** One of each list, then the next of each, so that every kind of failure has its share. */
function inTurns(lists: readonly (readonly string[])[], limit: number): readonly string[] {
  const chosen = new Set<string>();
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let at = 0; at < longest; at++) {
    for (const list of lists) {
      const one = list[at];
      if (one !== undefined && chosen.size < limit) chosen.add(one);
    }
  }
  return [...chosen];
}

function addSightings(files: Files, { id, sightings }: ConnectionReport): void {
  for (const sighting of sightings) files.see({ ...sighting, id });
}

interface Collected extends WantedOfFile {
  readonly sightings: Map<number, WantedSighting[]>;
  readonly evidence: Map<number, CitedCheck[]>;
}

class Files {
  readonly byName = new Map<string, Collected>();

  see(sighting: WantedSighting): void {
    for (const { file, packet } of sighting.evidence) {
      append(this.#of(file).sightings, packet, sighting);
    }
  }

  cite(check: Check, ids: readonly string[]): void {
    for (const { file, packet } of check.evidence) {
      append(this.#of(file).evidence, packet, { check, ids });
    }
  }

  #of(file: string): Collected {
    const known = this.byName.get(file) ?? { sightings: new Map(), evidence: new Map() };
    this.byName.set(file, known);
    return known;
  }
}

function append<Value>(lists: Map<number, Value[]>, key: number, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
