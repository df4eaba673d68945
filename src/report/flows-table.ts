import { formatCapturePoint } from "#cluster/capture-point.js";
import { formatEndpoint, type Endpoint } from "#net/five-tuple.js";
import type { Pair } from "#net/types.js";
import type {
  Connection,
  ConnState,
  IcmpError,
  PacketReference,
} from "#observed/flow/connection.js";
import { describeDuration, describeTime } from "./describe-time.js";
import { describeIcmp } from "./icmp.js";
import type { FlowsReport, ListedConnection } from "./flows-report.js";
import type { Cell, Column, Row, Table } from "./table.js";
import type { Tone } from "./style.js";

/** One row per connection. Pairs are written `originator/responder`. */
export function flowsTable(report: ListedFlows): Table {
  return tableOf(COLUMNS, report);
}

/** The same with what is needed to look a connection up elsewhere. */
export function wideFlowsTable(report: ListedFlows): Table {
  return tableOf([...COLUMNS, ...WIDE_COLUMNS], report);
}

type ListedFlows = Pick<FlowsReport, "connections" | "isJoined">;

interface FlowColumn extends Column {
  readonly cell: (connection: ListedConnection) => Cell;
}

const JOURNEY = text({ heading: "JOURNEY", cell: ({ journey = "" }) => journey });

// prettier-ignore
const COLUMNS: readonly FlowColumn[] = [
  text({ heading: "POINT", minimumWidth: 10, cell: ({ point }) => formatCapturePoint(point) }),
  text({ heading: "PROTO", cell: ({ protocol }) => protocol }),
  text({ heading: "ORIGINATOR", minimumWidth: 16, cell: (connection) => describeEnd(connection, connection.originator) }),
  text({ heading: "RESPONDER", minimumWidth: 16, cell: (connection) => describeEnd(connection, connection.responder) }),
  figure({ heading: "PACKETS", cell: ({ packets }) => describePair(packets) }),
  figure({ heading: "BYTES", cell: ({ frameBytes }) => describePair(frameBytes) }),
  text({ heading: "STATE", cell: describeState }),
  text({ heading: "HISTORY", minimumWidth: 8, cell: ({ history }) => history }),
  figure({ heading: "DURATION", cell: describeDuration }),
];

const NOTES = text({ heading: "NOTES", minimumWidth: 16, cell: (c) => notes(c).join("; ") });

// prettier-ignore
const WIDE_COLUMNS: readonly FlowColumn[] = [
  text({ heading: "FIRST", cell: ({ first }) => describeTime(first) ?? "" }),
  text({ heading: "LAST", cell: ({ last }) => describeTime(last) ?? "" }),
  figure({ heading: "PAYLOAD", cell: ({ payloadBytes }) => describePair(payloadBytes) }),
  figure({ heading: "ISN", cell: ({ directions: [o, r] }) => describePair([o.isn, r.isn]) }),
  figure({ heading: "TTL", cell: ({ directions: [o, r] }) => describePair([describeRange(o.ttl), describeRange(r.ttl)]) }),
  text({ heading: "SEEN", cell: ({ packetNumbers: { first, last } }) => describeSpan({ first, last }) }),
  text({ heading: "COMMUNITY-ID", cell: ({ communityId }) => communityId }),
];

function text(column: Omit<FlowColumn, "align" | "minimumWidth"> & { minimumWidth?: number }) {
  return { minimumWidth: undefined, ...column, align: "left" } as const;
}

function figure(column: Omit<FlowColumn, "align" | "minimumWidth">) {
  return { ...column, minimumWidth: undefined, align: "right" } as const;
}

function tableOf(most: readonly FlowColumn[], { connections, isJoined }: ListedFlows): Table {
  const columns = [...(isJoined ? [JOURNEY] : []), ...most, NOTES];
  const toRow = (connection: ListedConnection): Row => columns.map(({ cell }) => cell(connection));
  return {
    columns,
    rows: {
      *[Symbol.iterator]() {
        for (const connection of connections) yield toRow(connection);
      },
    },
  };
}

/** The address alone where the protocol has no ports: ICMP's "ports" would read as such. */
function describeEnd({ protocol }: Connection, end: Endpoint): string {
  return PORTED.has(protocol) ? formatEndpoint(end) : end.address;
}

const PORTED: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);

function describePair([originator, responder]: Pair<number | string | undefined>): string {
  return `${originator ?? "-"}/${responder ?? "-"}`;
}

function describeRange(range: { min: number; max: number } | undefined): string | undefined {
  if (range === undefined) return undefined;
  return range.min === range.max ? `${range.min}` : `${range.min}-${range.max}`;
}

/** Without a handshake there is no attempt that failed: a tunnel's UDP has no answer of its own. */
function describeState({ protocol, state }: Connection): Cell {
  const tone = TONES[state];
  return tone === undefined || protocol !== "tcp" ? state : { text: state, tone };
}

/** An attempt that got no or a negative answer stands out, an end by RST a little. */
const TONES = {
  S0: "bad",
  REJ: "bad",
  RSTOS0: "bad",
  RSTRH: "bad",
  SH: "doubtful",
  SHR: "doubtful",
  RSTO: "doubtful",
  RSTR: "doubtful",
  S1: undefined,
  S2: undefined,
  S3: undefined,
  SF: undefined,
  OTH: undefined,
} as const satisfies Record<ConnState, Tone | undefined>;

function notes(connection: Connection): string[] {
  const [originator, responder] = connection.directions;
  const repeatedSyns = [Math.max(originator.syns - 1, 0), Math.max(responder.syns - 1, 0)] as const;
  return [
    ...icmpNotes(connection),
    ...connection.tunnels.map(
      ({ kind, id, source, destination }) => `in ${kind} ${id} ${source} > ${destination}`,
    ),
    ...(repeatedSyns[0] > 0 ? [`SYN sent ${originator.syns} times`] : []),
    ...(repeatedSyns[1] > 0 ? [`SYN-ACK sent ${responder.syns} times`] : []),
    ...pairNote("retransmissions", [
      Math.max(originator.retransmissions - repeatedSyns[0], 0),
      Math.max(responder.retransmissions - repeatedSyns[1], 0),
    ]),
    ...pairNote("resets", [originator.resets, responder.resets], connection.packetNumbers.reset),
    ...pairNote("zero windows", [originator.zeroWindows, responder.zeroWindows]),
    ...pairNote("copies", [originator.copies, responder.copies]),
  ];
}

function pairNote(what: string, pair: Pair<number>, at?: PacketReference): string[] {
  if (pair[0] === 0 && pair[1] === 0) return [];
  return [`${what} ${describePair(pair)}${at === undefined ? "" : ` (${cite(at)})`}`];
}

/** What the connection is, for an ICMP one, and what ICMP said about it. */
function icmpNotes({ protocol, originator, icmpErrors }: Connection): string[] {
  const version = originator.address.includes(":") ? 6 : 4;
  const subject =
    protocol === "icmp" || protocol === "icmp6"
      ? [describeIcmp({ version, type: originator.port, code: undefined })]
      : [];
  return [...subject, ...groupErrors(icmpErrors, version)];
}

/** Same message from the same address: once, with its first packet. */
function groupErrors(errors: readonly IcmpError[], version: 4 | 6): string[] {
  const groups = new Map<string, { first: IcmpError; count: number }>();
  for (const error of errors) {
    const key = `${error.type}/${error.code} ${error.from}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: error, count: 1 });
    else group.count++;
  }
  return [...groups.values()].map(({ first, count }) => {
    const times = count === 1 ? "" : `${count} times `;
    return `${times}${describeIcmp({ version, ...first })} from ${first.from} (${cite(first.packet)})`;
  });
}

/** `pod.pcap#12`: the file without its folders, the point says which capture it is. */
function cite({ file, packet }: PacketReference): string {
  return `${baseName(file)}#${packet}`;
}

/** `pod.pcap#1-12`, over two files of a series `pod.pcap0#7-pod.pcap1#3`. */
function describeSpan({ first, last }: { first: PacketReference; last: PacketReference }): string {
  if (first.file !== last.file) return `${cite(first)}-${cite(last)}`;
  return first.packet === last.packet ? cite(first) : `${cite(first)}-${last.packet}`;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
