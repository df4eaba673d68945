import { expect, test } from "vitest";
import { formatCapturePoint } from "#cluster/capture-point.js";
import { formatTuple } from "#net/five-tuple.js";
import { epochNs } from "#net/types.js";
import { DIRECTION } from "#observed/capture/record.js";
import type { IpPacket } from "#observed/decode/packet.js";
import type { Connection } from "#observed/flow/connection.js";
import { FlowTracker } from "#observed/flow/tracker.js";
import { BASE, CLIENT, feed, ipPacket, SERVER, track, type PacketFacts } from "./support.js";

const UDP = 17;
const ICMP = 1;

const request = (facts: PacketFacts = {}) =>
  ipPacket({ protocol: UDP, ports: [5000, 53], ...facts });
const reply = (facts: PacketFacts = {}) =>
  ipPacket({ protocol: UDP, from: SERVER, to: CLIENT, ports: [53, 5000], ...facts });

function describe({ originator, responder, packets, point }: Connection): string {
  const tuple = formatTuple({ source: originator, destination: responder });
  return `${formatCapturePoint(point)} ${tuple} ${packets.join(" ")}`;
}

test("UDP: states by who spoke, payload summed, idle time splits nothing", () => {
  const [connection] = track([
    { packets: [request({ payload: "ab" })], atMs: 0 },
    { packets: [reply({ payload: "abcd" })], atMs: 1 },
    { packets: [request({ payload: "ab" })], atMs: 600_000 },
  ]);
  expect(connection).toMatchObject({
    state: "SF",
    history: "Dd",
    packets: [2, 1],
    payloadBytes: [4, 4],
    frameBytes: [200, 100],
    first: BASE,
    last: BASE + 600_000_000_000n,
  });
  expect(track([{ packets: [request()] }])[0]?.state).toBe("S0");
});

test("interfaces and directions of one file are capture points of their own", () => {
  const connections = track([
    { packets: [request()], interfaceIndex: 2, direction: DIRECTION.in },
    { packets: [request()], interfaceIndex: 7, direction: DIRECTION.out },
    { packets: [reply()], interfaceIndex: 7, direction: DIRECTION.in },
    { packets: [reply()], interfaceIndex: 2, direction: DIRECTION.out },
    { packets: [request()], interfaceIndex: 2, direction: DIRECTION.out },
  ]);
  expect(connections.map(describe)).toEqual([
    `node1/any/if2:in ${CLIENT}:5000 > ${SERVER}:53 1 1`,
    `node1/any/if7:out ${CLIENT}:5000 > ${SERVER}:53 1 1`,
    `node1/any/if2:out ${CLIENT}:5000 > ${SERVER}:53 1 0`,
  ]);
});

test("pcapng interfaces have their names; a file of one interface is not split", () => {
  const tracker = new FlowTracker();
  tracker.startFile({ file: "a.pcapng", point: "node1", baseTime: undefined });
  feed(tracker, [{ packets: [request()], interfaceId: 1 }]);
  const port = { linktype: 1, snaplen: 0, description: undefined, dropped: undefined };
  tracker.finishFile({
    baseTime: BASE,
    interfaces: [
      { ...port, name: "eth0" },
      { ...port, name: "cni0" },
    ],
  });
  expect([...tracker.connections()].map(({ point }) => formatCapturePoint(point))).toEqual([
    "node1/cni0",
  ]);
  expect(track([{ packets: [request()] }])[0]?.point.interface).toBeUndefined();
});

test("a rotated series: times from the first file's base, packets by file", () => {
  const tracker = new FlowTracker();
  tracker.startFile({ file: "0.pcap", point: "p", baseTime: BASE });
  feed(tracker, [{ packets: [request()] }, { packets: [request()] }]);
  tracker.startFile({ file: "1.pcap", point: "p", baseTime: epochNs(BASE + 5_000_000_000n) });
  feed(tracker, [{ packets: [request()] }, { packets: [reply()], atMs: 3 }]);
  const [connection] = tracker.connections();
  expect(connection).toMatchObject({
    files: ["0.pcap", "1.pcap"],
    packets: [3, 1],
    last: BASE + 5_003_000_000n,
    packetNumbers: {
      first: { file: "0.pcap", packet: 1 },
      last: { file: "1.pcap", packet: 2 },
      responderFirst: { file: "1.pcap", packet: 2 },
    },
  });
});

const fromPort = (port: number, atMs: number) => ({
  packets: [request({ ports: [port, 53] })],
  atMs,
});

test("order: first time, then tuple, whatever the order of the records", () => {
  const ports = track([fromPort(3, 9), fromPort(2, 5), fromPort(9, 1), fromPort(1, 5)]).map(
    ({ originator }) => originator.port,
  );
  expect(ports).toEqual([9, 1, 2, 3]);
});

const echo = (facts: PacketFacts, id: number): IpPacket =>
  ipPacket({ protocol: ICMP, ports: [0, 0], ...facts, fields: { icmpId: id, ...facts.fields } });

test("pings are told apart by identifier, and have type and answer for ports", () => {
  const connections = track([
    { packets: [echo({ fields: { icmpType: 8 } }, 11)] },
    { packets: [echo({ from: SERVER, to: CLIENT, fields: { icmpType: 0 } }, 11)] },
    { packets: [echo({ fields: { icmpType: 8 } }, 12)] },
  ]);
  expect(connections.map(describe)).toEqual([
    `node1/any ${CLIENT}:8 > ${SERVER}:0 1 1`,
    `node1/any ${CLIENT}:8 > ${SERVER}:0 1 0`,
  ]);
  expect(connections[0]).toMatchObject({ state: "OTH", history: "", protocol: "icmp" });
});

const unreachable = (quoted: IpPacket): IpPacket =>
  ipPacket({
    protocol: ICMP,
    from: "203.0.113.9",
    to: CLIENT,
    ports: [0, 0],
    fields: { icmpType: 3, icmpCode: 1, quoted },
  });

test("an ICMP error belongs to the connection it quotes, and is none of its packets", () => {
  const errors = Array.from({ length: 6 }, () => ({
    packets: [unreachable(request())],
    direction: DIRECTION.out,
  }));
  const connections = track([{ packets: [request()], direction: DIRECTION.in }, ...errors]);
  expect(connections).toHaveLength(1);
  expect(connections[0]).toMatchObject({ packets: [1, 0], icmpErrorCount: 6 });
  expect(connections[0]?.icmpErrors).toHaveLength(4);
  expect(connections[0]?.icmpErrors[0]).toEqual({
    type: 3,
    code: 1,
    from: "203.0.113.9",
    packet: { file: "a.pcap", packet: 2 },
  });
});

test("an ICMP error that quotes a connection never seen is one of its own", () => {
  const connections = track([{ packets: [unreachable(request())] }]);
  expect(connections.map(describe)).toEqual([`node1/any 203.0.113.9:3 > ${CLIENT}:1 1 0`]);
});

const fragment = (fragmentOffset: number, facts: PacketFacts["fields"] = {}): IpPacket => {
  const fields = { id: 77, fragmentOffset, moreFragments: true, ...facts };
  return fragmentOffset === 0
    ? request({ payload: "12345678", fields })
    : request({ payload: "12345678", ports: undefined, fields });
};

test("later fragments belong to the connection of the first, also when they come before it", () => {
  const sent = [fragment(0), fragment(16), fragment(24, { moreFragments: false })];
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]) {
    const packets = order.flatMap((place) => sent[place] ?? []);
    const connections = track(packets.map((packet) => ({ packets: [packet] })));
    expect(connections.map(describe)).toEqual([`node1/any ${CLIENT}:5000 > ${SERVER}:53 3 0`]);
    expect(connections[0]).toMatchObject({ frameBytes: [300, 0], payloadBytes: [24, 0] });
  }
});

test("fragments without a first are counted, no connection is made up for them", () => {
  const tracker = new FlowTracker();
  tracker.startFile({ file: "a", point: "p", baseTime: BASE });
  feed(tracker, [{ packets: [fragment(16)] }, { packets: [fragment(24)] }]);
  expect([...tracker.connections()]).toEqual([]);
  expect(tracker.statistics().fragmentsWithoutFirst).toBe(2);
});

const NODE1 = "10.0.0.1";
const NODE2 = "10.0.0.2";

test("VXLAN: the outer packet and the inner one count each for its own connection", () => {
  const inTunnel = { tunnel: "vxlan", tunnelId: 42 } as const;
  const connections = track([
    {
      packets: [
        request({ from: NODE2, to: NODE1, ports: [50001, 8472] }),
        request({ fields: inTunnel }),
      ],
    },
    {
      packets: [
        request({ from: NODE1, to: NODE2, ports: [50002, 8472] }),
        reply({ fields: inTunnel }),
      ],
    },
    {
      packets: [
        request({ from: NODE1, to: NODE2, ports: [50002, 8472] }),
        reply({ fields: { ...inTunnel, tunnelId: 43 } }),
      ],
    },
  ]);
  const lines = connections.map((one) => `${describe(one)} ${JSON.stringify(one.tunnels)}`);
  // Outer and inner begin with one record, and the lower tuple comes first.
  expect(lines).toEqual([
    `node1/any ${NODE2}:50001 > ${NODE1}:8472 1 0 []`,
    `node1/any ${CLIENT}:5000 > ${SERVER}:53 1 1 [{"kind":"vxlan","id":42,"source":"10.0.0.2","destination":"10.0.0.1"}]`,
    `node1/any ${NODE1}:50002 > ${NODE2}:8472 2 0 []`,
    `node1/any ${SERVER}:53 > ${CLIENT}:5000 1 0 [{"kind":"vxlan","id":43,"source":"10.0.0.1","destination":"10.0.0.2"}]`,
  ]);
});

test("IPv6 addresses, and the same endpoint on both sides", () => {
  const connections = track([
    { packets: [request({ from: "2001:db8::1", to: "2001:db8::2" })] },
    { packets: [reply({ from: "2001:db8::2", to: "2001:db8::1" })] },
    { packets: [request({ from: CLIENT, to: CLIENT, ports: [7, 7] })] },
  ]);
  expect(connections.map(describe)).toEqual([
    "node1/any [2001:db8::1]:5000 > [2001:db8::2]:53 1 1",
    `node1/any ${CLIENT}:7 > ${CLIENT}:7 1 0`,
  ]);
});

test("connections beyond the limit are counted, those known go on", () => {
  const tracker = new FlowTracker({ connections: 2 });
  tracker.startFile({ file: "a", point: "p", baseTime: BASE });
  const ports = [1, 2, 3, 1, 4];
  feed(
    tracker,
    ports.map((port) => ({ packets: [request({ ports: [port, 53] })] })),
  );
  expect([...tracker.connections()].map(({ packets }) => packets[0])).toEqual([2, 1]);
  expect(tracker.statistics().overflow).toBe(2);
});

test("packets cut before their ports are counted", () => {
  const tracker = new FlowTracker();
  tracker.startFile({ file: "a", point: "p", baseTime: BASE });
  feed(tracker, [{ packets: [request({ ports: undefined })] }, { packets: [] }]);
  expect([...tracker.connections()]).toEqual([]);
  expect(tracker.statistics()).toMatchObject({ records: 2, withoutPorts: 1, withoutIp: 1 });
});
