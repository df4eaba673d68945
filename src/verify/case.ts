import type { Facts } from "#cluster/facts.js";
import type { ClientClass, Row, RowPoint } from "#expected/scenarios/scenario.js";
import type { Address } from "#net/address.js";
import type { Journey } from "#observed/correlate/journey.js";
import type { Point } from "./point.js";
import type { Sighting } from "./sighting.js";

/**
 * What may have dialled. `direct` is somebody who dials the pod itself, `service` one who dials a
 * Service of it: neither is a hostPort connection, however alike they arrive.
 */
export type Candidate = ClientClass | "direct" | "service";

/** Who dialled: the classes that the evidence leaves, and what that rests on. */
export interface ClientEvidence {
  /** One when the evidence decides. */
  readonly classes: ReadonlySet<Candidate>;
  /** The address that dialled, as seen before any translation of it. */
  readonly dialled: Address | undefined;
  /**
   * True when the delivered packet was routed but carries an address of this node: whoever dialled,
   * its source was rewritten.
   */
  readonly rewritten: boolean;
  /** A clause: why these. */
  readonly why: string;
  /** What conntrack has of it with file and line, where that decided. */
  readonly toldBy?: string;
  readonly assumptions: readonly string[];
  readonly evidence: readonly Sighting[];
}

/** A user's own row beside the one that comes with the program. */
export interface OwnRow {
  readonly file: string;
  /** Of the same clients, as portmap makes it; undefined where there is none. */
  readonly builtIn: Row | undefined;
}

/** One journey with everything a check may ask. */
export interface Case {
  readonly journey: Journey;
  readonly sightings: readonly Sighting[];
  readonly client: ClientEvidence;
  readonly row: Row;
  /** Where `row` is the user's own. */
  readonly ownRow?: OwnRow | undefined;
  readonly facts: Facts;
  readonly points: readonly Point[];
  /** Which row of the scenario a capture point is; undefined when its name does not tell. */
  rowPointOf(point: Point): RowPoint | undefined;
  /** Every journey of the run, for what a point is known to have seen. */
  readonly journeys: readonly Journey[];
  /** What every check of this run rests on. */
  readonly assumptions: readonly string[];
}

/** What is asked of a connection whatever the network does with its addresses. */
export type Exchange = Pick<Case, "journey" | "sightings" | "points" | "facts"> & {
  readonly row: Pick<Row, "works">;
};
