/** Random packets, counted once by the tracker and once by a Map with text for keys. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatCapturePoint } from "#cluster/capture-point.js";
import { DIRECTION } from "#observed/capture/record.js";
import { ipPacket, track, type Sent } from "./support.js";

const ADDRESSES = ["10.0.0.1", "10.0.0.2", "200.1.1.1", "2001:db8::1", "2001:db8::2"];

const sent = fc
  .record({
    ends: fc.tuple(fc.nat(4), fc.nat(4)),
    ports: fc.tuple(fc.constantFrom(80, 40000, 65535), fc.constantFrom(80, 40000, 65535)),
    interfaceIndex: fc.nat(2),
    direction: fc.constantFrom(DIRECTION.unknown, DIRECTION.in, DIRECTION.out),
    frameBytes: fc.integer({ min: 60, max: 65600 }),
    payload: fc.constantFrom("", "a", "abcdefgh"),
  })
  .filter(({ ends: [a, b] }) => a < 3 === b < 3);

type Packet = typeof sent extends fc.Arbitrary<infer Value> ? Value : never;

function toSent({ ends, ports, payload, ...facts }: Packet): Sent {
  const [from = "", to = ""] = ends.map((place) => ADDRESSES[place] ?? "");
  return { ...facts, payload, packets: [ipPacket({ from, to, ports, protocol: 17, payload })] };
}

/** Packets, frame and payload bytes, of the end that compares lower and of the other. */
function reference(packets: readonly Packet[]): Map<string, number[]> {
  const counts = new Map<string, number[]>();
  for (const { ends, ports, interfaceIndex, direction, frameBytes, payload } of packets) {
    const source = `${ADDRESSES[ends[0]]} ${ports[0]}`;
    const destination = `${ADDRESSES[ends[1]]} ${ports[1]}`;
    const inOrder = source <= destination;
    const turned = inOrder || direction === DIRECTION.unknown ? direction : 3 - direction;
    const key = [interfaceIndex, turned, ...[source, destination].toSorted()].join(" | ");
    const count = counts.get(key) ?? [0, 0, 0, 0, 0, 0];
    const side = inOrder ? 0 : 3;
    counts.set(
      key,
      count.map((value, at) => value + ([1, frameBytes, payload.length][at - side] ?? 0)),
    );
  }
  return counts;
}

function observed(packets: readonly Packet[]): Map<string, number[]> {
  const counts = new Map<string, number[]>();
  for (const one of track(packets.map(toSent))) {
    const { originator, responder, point } = one;
    const from = `${originator.address} ${originator.port}`;
    const to = `${responder.address} ${responder.port}`;
    const inOrder = from <= to;
    const direction = DIRECTION[point.direction ?? "unknown"];
    const turned = inOrder || direction === DIRECTION.unknown ? direction : 3 - direction;
    const number = Number(/if(\d)/.exec(formatCapturePoint(point))?.[1] ?? 0);
    const key = [number, turned, ...[from, to].toSorted()].join(" | ");
    const sides = [0, 1].map((side) => [
      one.packets[side] ?? 0,
      one.frameBytes[side] ?? 0,
      one.payloadBytes[side] ?? 0,
    ]);
    expect(counts.has(key)).toBe(false);
    counts.set(key, (inOrder ? sides : sides.toReversed()).flat());
  }
  return counts;
}

test("packets and bytes of every conversation, as a plain count has them", () => {
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 200 }), (packets) => {
      expect(observed(packets)).toEqual(reference(packets));
    }),
    { numRuns: 200 },
  );
});
