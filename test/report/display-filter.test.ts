/** Display filters, as tshark applies them to the files that they are for. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { decodeRecord } from "#observed/decode/decode-record.js";
import { DecodedPacket } from "#observed/decode/packet.js";
import { readCapture } from "#observed/capture/read-capture.js";
import { FlowTracker } from "#observed/flow/tracker.js";
import { displayFilter } from "#report/display-filter.js";
import { AUTO } from "#verify/auto.js";
import type { ConnectionReport, ReportedSighting } from "#verify/report.js";
import { blockSource } from "../support/capture-read.js";
import { isInstalled } from "../support/installed.js";
import { withTopology } from "../support/verify-cases.js";
import { ask, bytesOf, capturesOf } from "../support/verify-recorded.js";

const sighting = (
  [from, fromPort]: readonly [string, number],
  [to, toPort]: readonly [string, number],
  more: Partial<ReportedSighting> = {},
): ReportedSighting => ({
  point: "node1/eth0",
  direction: "request",
  source: { address: from, port: fromPort },
  destination: { address: to, port: toPort },
  ttl: 64,
  packets: 1,
  evidence: [{ file: "x.pcap", packet: 1 }],
  ...more,
});

const CLIENT = "203.0.113.7";
const NODE = "192.0.2.10";

// prettier-ignore
const ROWS: readonly (readonly [name: string, protocol: string, sightings: readonly ReportedSighting[], filter: string | undefined])[] = [
  ["TCP", "tcp", [sighting([CLIENT, 50000], [NODE, 80])], `ip.addr==${CLIENT} && ip.addr==${NODE} && tcp.port==50000 && tcp.port==80`],
  ["a reply, from the client's side", "tcp", [sighting([NODE, 80], [CLIENT, 50000], { direction: "reply" })], `ip.addr==${CLIENT} && ip.addr==${NODE} && tcp.port==50000 && tcp.port==80`],
  ["both directions, once", "udp", [sighting([CLIENT, 53], [NODE, 5353]), sighting([NODE, 5353], [CLIENT, 53], { direction: "reply" })], `ip.addr==${CLIENT} && ip.addr==${NODE} && udp.port==53 && udp.port==5353`],
  ["one port at both ends", "udp", [sighting([CLIENT, 53], [NODE, 53])], `ip.addr==${CLIENT} && ip.addr==${NODE} && udp.srcport==53 && udp.dstport==53`],
  ["one address at both ends", "tcp", [sighting(["127.0.0.1", 50000], ["127.0.0.1", 80])], "ip.src==127.0.0.1 && ip.dst==127.0.0.1 && tcp.port==50000 && tcp.port==80"],
  ["IPv6", "sctp", [sighting(["2001:db8::7", 50000], ["2001:db8::1", 80])], "ipv6.addr==2001:db8::7 && ipv6.addr==2001:db8::1 && sctp.port==50000 && sctp.port==80"],
  ["ping", "icmp", [sighting([CLIENT, 8], [NODE, 0])], `ip.addr==${CLIENT} && ip.addr==${NODE} && icmp`],
  ["ping over IPv6", "icmp6", [sighting(["2001:db8::7", 128], ["2001:db8::1", 129])], "ipv6.addr==2001:db8::7 && ipv6.addr==2001:db8::1 && icmpv6"],
  ["another protocol", "ip-47", [sighting([CLIENT, 0], [NODE, 0])], `ip.addr==${CLIENT} && ip.addr==${NODE} && (ip.proto==47 || ipv6.nxt==47)`],
  ["inside VXLAN", "tcp", [sighting([CLIENT, 50000], [NODE, 80], { tunnel: "vxlan" })], "frame contains cb:00:71:07:c0:00:02:0a:c3:50:00:50 || frame contains c0:00:02:0a:cb:00:71:07:00:50:c3:50"],
  ["ping inside VXLAN", "icmp", [sighting([CLIENT, 8], [NODE, 0], { tunnel: "vxlan" })], "frame contains cb:00:71:07:c0:00:02:0a || frame contains c0:00:02:0a:cb:00:71:07"],
  ["inside GRE, which Wireshark looks into", "tcp", [sighting([CLIENT, 50000], [NODE, 80], { tunnel: "gre" })], `ip.addr==${CLIENT} && ip.addr==${NODE} && tcp.port==50000 && tcp.port==80`],
  ["before and after translation in one file", "tcp", [sighting([CLIENT, 1], [NODE, 80]), sighting([CLIENT, 1], ["10.0.0.5", 8080])], `(ip.addr==${CLIENT} && ip.addr==${NODE} && tcp.port==1 && tcp.port==80) || (ip.addr==${CLIENT} && ip.addr==10.0.0.5 && tcp.port==1 && tcp.port==8080)`],
  ["not in this file", "tcp", [sighting([CLIENT, 1], [NODE, 80], { evidence: [{ file: "y.pcap", packet: 1 }] })], undefined],
];

test.each(ROWS)("%s", (_, protocol, sightings, filter) => {
  expect(displayFilter({ protocol, sightings }, "x.pcap")).toBe(filter);
});

const RECORDED = [
  "broken-nodeport-no-masquerade",
  "broken-pod-to-pod-masqueraded",
  "broken-udp-replies-dropped",
  "broken-docker-published-through-proxy",
  "hostport-ipv6",
];

describe.skipIf(!isInstalled("tshark"))("in tshark, skipped where it is not installed", () => {
  test.each(RECORDED)(
    "%s: a filter selects the connection's packets and no other",
    async (recorded) => {
      const report = await ask({
        scenario: AUTO.name,
        captures: capturesOf(recorded),
        given: withTopology(recorded),
      });
      const [connection] = [
        ...report.connections.filter(({ verdict }) => verdict === "fail"),
        ...report.connections,
      ];
      if (!connection) throw new Error(`${recorded} has no connection`);
      const files = new Set(
        connection.sightings.flatMap(({ evidence }) => evidence.map(({ file }) => file)),
      );
      for (const file of files) {
        const filter = displayFilter(connection, file) ?? "";
        expect({ file, filter, selected: selectedBy(filter, file) }).toEqual({
          file,
          filter,
          selected: packetsOf(connection, file),
        });
      }
    },
  );
});

function selectedBy(filter: string, file: string): readonly number[] {
  const words = ["-r", `captures/${file}`, "-Y", filter, "-T", "fields", "-e", "frame.number"];
  const text = execFileSync("tshark", words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

/** As the tracker counts them, which knows no display filter. */
function packetsOf({ sightings }: ConnectionReport, file: string): readonly number[] {
  const cited = new Set(
    sightings.flatMap(({ evidence }) =>
      evidence.filter((one) => one.file === file).map(({ packet }) => packet),
    ),
  );
  const numbers = new Map<number, number[]>();
  const mine = new Set<number>();
  let number = 0;
  let depth = 0;
  const tracker = new FlowTracker({
    watch: ({ connection, packet }) => {
      numbers.set(connection, [...(numbers.get(connection) ?? []), number]);
      // What is around it in a tunnel is another connection.
      if (cited.has(number) && packet === decoded.ip[depth - 1]) mine.add(connection);
    },
  });
  const decoded = new DecodedPacket();
  tracker.startFile({ file, point: "x", baseTime: undefined });
  readCapture(blockSource(bytesOf(file), file), (record) => {
    number = record.number;
    decodeRecord(record, decoded);
    depth = decoded.depth;
    tracker.add(record, decoded);
  });
  return [...new Set([...mine].flatMap((one) => numbers.get(one) ?? []))].sort((a, b) => a - b);
}
