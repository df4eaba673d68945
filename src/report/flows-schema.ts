/**
 * The JSON that `flows -o json` and `-o jsonl` write, version 1. This is the one source: the types
 * of the writer come from here and so does docs/schema. Nothing here changes its meaning within a
 * version and no key goes; new keys may come at any time, so a reader ignores those it does not know.
 */
import { z } from "zod";
import { time } from "./time-schema.js";

const pair = <Value extends z.ZodType>(value: Value) =>
  z.tuple([value, value]).describe("originator, responder");

const count = z.int().min(0);
const packetNumber = z.int().min(1);
const file = z.string().describe("as it was given on the command line");
const endpoint = z
  .object({
    address: z.string(),
    port: z.int().min(0).max(65535).describe("0 without ports; for ICMP its type"),
  })
  .meta({ id: "endpoint" });

const flowsCapture = z
  .object({
    file,
    point: z.string().describe("the capture point, or the file's name without its ending"),
    format: z.enum(["pcap", "pcapng"]).nullable().describe("null: no capture file"),
    compression: z.enum(["gzip", "zstd"]).nullable(),
    records: count,
    snappedRecords: count.describe("records with fewer bytes than the packet had"),
    truncated: z.boolean().describe("the file ends inside a record"),
    first: time,
    last: time,
    interfaces: z.array(
      z.object({
        name: z.string().nullable(),
        description: z.string().nullable(),
        linktype: z.int().describe("tcpdump.org/linktypes.html"),
        snaplen: count.describe("bytes kept of each packet; 0: no limit"),
        dropped: count.nullable().describe("packets that the kernel or the interface dropped"),
      }),
    ),
    problems: z.array(
      z.object({
        kind: z.enum(["truncated", "malformed", "unsupported", "empty", "note"]),
        offset: count.describe("bytes from the start of the decompressed file"),
        message: z.string(),
      }),
    ),
    decodeStops: z
      .array(
        z.object({
          kind: z.enum(["truncated", "malformed", "unsupported"]),
          layer: z.string(),
          reason: z.string(),
          packets: packetNumber,
          firstPacket: packetNumber,
        }),
      )
      .describe(
        "why decoding ended early; packets are counted over all files of the capture point and told " +
          "with the file of the first",
      ),
  })
  .meta({ id: "capture" });

const CONN_STATES = [
  "S0",
  "S1",
  "SF",
  "REJ",
  "S2",
  "S3",
  "RSTO",
  "RSTR",
  "RSTOS0",
  "RSTRH",
  "SH",
  "SHR",
  "OTH",
] as const;

const citable = <Value extends z.ZodType>(value: Value) =>
  z.object({
    first: value,
    last: value,
    originatorFirst: value.nullable(),
    responderFirst: value.nullable(),
    syn: value.nullable().describe("the first SYN"),
    synAck: value.nullable().describe("the first SYN-ACK"),
    reset: value.nullable().describe("the first RST of either side"),
  });

const flowsConnection = z
  .object({
    point: z.string().describe("name, name/interface or name/interface:direction"),
    files: z.array(file).min(1),
    protocol: z.string().describe("tcp, udp, icmp, icmp6, sctp, else ip-NUMBER"),
    originator: endpoint,
    responder: endpoint,
    packets: pair(count),
    frameBytes: pair(count).describe("on the wire, link layer included; originator, responder"),
    payloadBytes: pair(count),
    first: time,
    last: time,
    state: z.enum(CONN_STATES).describe("Zeek's conn_state"),
    history: z.string().describe("Zeek's history letters"),
    communityId: z.string().describe("Community ID v1, seed 0"),
    tunnels: z
      .array(
        z.object({
          kind: z.enum(["vxlan", "geneve", "gre", "ipip", "6in4", "4in6"]),
          id: z.int().describe("VNI or key"),
          source: z.string(),
          destination: z.string(),
        }),
      )
      .describe("outermost first"),
    packetNumbers: citable(packetNumber).describe("positions in the file, from 1"),
    packetFiles: citable(file).describe("the file that each of packetNumbers is a position in"),
    isn: pair(z.int().min(0).max(0xffffffff).nullable()),
    syns: pair(count).describe("SYN or SYN-ACK packets; originator, responder"),
    synOptions: pair(
      z
        .object({
          hash: z.int().describe("over kinds, order and lengths; survives NAT"),
          mss: z.int().nullable(),
          windowScale: z.int().nullable(),
        })
        .nullable(),
    ),
    ttl: pair(z.object({ min: z.int(), max: z.int() }).nullable()),
    retransmissions: pair(count),
    copies: pair(count).describe("the same packet again: a hop, no fault; originator, responder"),
    resets: pair(count),
    zeroWindows: pair(count),
    firstIpId: pair(z.int().min(0).nullable()),
    firstPayload: pair(z.object({ hash: z.int(), length: count.nullable() }).nullable()),
    journey: z
      .string()
      .nullable()
      .describe("one for every connection of a conversation, as in verify; null without --join"),
    icmpErrors: z.array(
      z.object({
        type: z.int(),
        code: z.int(),
        from: z.string(),
        packet: packetNumber,
        file,
      }),
    ),
  })
  .meta({ id: "connection" });

const POLICY =
  "Within a version no key goes and none changes its meaning; new keys may come, so ignore those " +
  "you do not know. Every key is always there; null is what the capture does not tell.";

const schema = z.literal("pcapcheck.flows/v1");

/** What `-o json` writes. */
export const flowsDocument = z
  .object({ schema, captures: z.array(flowsCapture), connections: z.array(flowsConnection) })
  .meta({ title: "pcapcheck flows -o json", description: POLICY });

/** Each line of `-o jsonl`: first one per capture file, then one per connection. */
export const flowsLine = z
  .union([z.object({ schema, capture: flowsCapture }), z.object({ connection: flowsConnection })])
  .meta({ title: "one line of pcapcheck flows -o jsonl", description: POLICY });

export type FlowsCapture = z.infer<typeof flowsCapture>;
export type FlowsConnection = z.infer<typeof flowsConnection>;
