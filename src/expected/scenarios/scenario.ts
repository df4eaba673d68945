import type { PortmapBehaviour } from "#expected/rulesets/portmap.js";
import type { ClientClass } from "./client-class.js";
import type { Feature } from "./features.js";
import type { PathRow } from "./path-row.js";

export type { ClientClass } from "./client-class.js";
export type { Dialled, EndpointPlace, PathClient, PathRow } from "./path-row.js";

/**
 * The ends of a tuple, as rows are written. `client` is the socket that dials; `node` what it
 * dials; `pod` where it lands; `bridge` the node's bridge address with the client's port;
 * `localhost` is 127.0.0.1 with the client's port; `other-node` an uplink address of the client's
 * node with any port.
 */
export type End = "client" | "node" | "pod" | "bridge" | "localhost" | "other-node";

/** `client > node`: source, destination. */
export type TupleRow = `${End} > ${End}`;

/** Capture points, from the client to the pod. Those without `client` are on the node that serves the port. */
export const ROW_POINTS = [
  "client",
  "client-pod",
  "client-veth",
  "client-bridge",
  "client-uplink",
  "uplink",
  "loopback",
  "overlay",
  "bridge",
  "veth",
  "pod",
] as const;

export type RowPoint = (typeof ROW_POINTS)[number];

/** What one kind of capture point shows of a connection. */
export interface PointRow {
  readonly at: RowPoint;
  /** Tuples that requests may have here; none where nothing may be seen. */
  readonly requests: readonly TupleRow[];
  readonly replies: readonly TupleRow[];
  /**
   * `always`; `maybe` when it depends on the capture (promiscuous mode, bridge-nf); `never` when a
   * packet here means that something else happened.
   */
  readonly seen: "always" | "maybe" | "never";
  /** Why here, when it is not obvious. */
  readonly why?: string;
}

/** One client class of a scenario: the healthy expectation. */
export interface Row {
  readonly client: ClientClass;
  /** A sentence about traffic. */
  readonly name: string;
  /** The source address that the pod must see. */
  readonly source: "kept" | "bridge";
  /** False when this version is known not to work; the checks that need an answer do not apply. */
  readonly works: boolean;
  readonly points: readonly PointRow[];
  /** The rules that do it, as the packet meets them. */
  readonly rules: readonly string[];
  readonly why: string;
  readonly reference: string;
}

interface Described {
  /** Of a scenario that a user wrote: where it stands. */
  readonly file?: string;
}

/** Paths to a hostPort and to a hostNetwork pod, whose rows depend on the portmap plugin's version. */
export interface HostPortScenario extends Described {
  readonly name: string;
  readonly title: string;
  /** What the user wants to know, in one question. */
  readonly question: string;
  readonly target: "hostPort" | "hostNetwork";
  rows(portmap: PortmapBehaviour): readonly Row[];
  readonly explanation: string;
}

/** Any other way into or out of a node; its rows are held against the model of the datapath. */
export interface PathScenario extends Described {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly target: "path";
  /** Its rows go before those of other scenarios where this holds. */
  readonly about?: Feature;
  /** What is seen at capture points that a row does not list; `never` where it is left out. */
  readonly otherPoints?: "never" | "may";
  readonly paths: readonly PathRow[];
  readonly explanation: string;
}

export type Scenario = HostPortScenario | PathScenario;

/** Types a scenario; its file is the only place that knows it, `index.ts` lists it. */
export function defineScenario<Defined extends Scenario>(scenario: Defined): Defined {
  return scenario;
}
