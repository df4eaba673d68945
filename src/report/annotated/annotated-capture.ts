/** The packets behind failed checks as one pcapng file that Wireshark shows the story of. */
import { placeOf, type PointPlace } from "#cluster/point-role.js";
import type { Topology } from "#cluster/topology.js";
import {
  enhancedPacket,
  interfaceDescription,
  nameResolution,
  sectionHeader,
  type DescribedInterface,
} from "#observed/capture/pcapng-blocks.js";
import type { CaptureInterface } from "#observed/capture/summary.js";
import type { ClockEstimate } from "#observed/correlate/clocks.js";
import type { TrackedPoint } from "../flows-report.js";
import { sanitize } from "../sanitize.js";
import { addressNames } from "./address-names.js";
import { PacketComments } from "./packet-comments.js";
import type { KeptPacket } from "./packet-keeper.js";
import { sectionComments, type Annotated } from "./section-comments.js";

export interface AnnotatedCapture extends Annotated {
  readonly points: readonly TrackedPoint[];
  readonly topology: Topology | undefined;
}

/** Block by block, so that no more than the kept packets is ever held. */
export function* annotatedCapture(annotated: AnnotatedCapture): Iterable<Uint8Array> {
  const { report, points, topology, keeper } = annotated;
  const interfaces = new Interfaces(points, topology);
  yield sectionHeader(sectionComments(annotated));
  for (const described of interfaces.described) yield interfaceDescription(described);
  const names = topology === undefined ? [] : addressNames(topology, report);
  if (names.length > 0) yield nameResolution(names);
  const comments = new PacketComments(report);
  for (const packet of inOrder(keeper.kept, report.clocks)) {
    const interfaceId = interfaces.idOf(packet);
    yield enhancedPacket({ ...packet, interfaceId, comments: comments.of(packet) });
  }
}

/** One for each capture point; more where its files hold several. */
class Interfaces {
  readonly described: readonly DescribedInterface[];
  readonly #ids = new Map<string, number>();

  constructor(points: readonly TrackedPoint[], topology: Topology | undefined) {
    const byKey = new Map<string, { described: DescribedInterface; id: number }>();
    for (const { name: point, captures } of points) {
      const files = captures.map(({ file }) => file);
      const isOne = captures.every(({ interfaces }) => interfaces.length <= 1);
      for (const { file, interfaces } of captures) {
        for (const [at, source] of interfaces.entries()) {
          const place = placeOf(point, topology);
          const described = {
            name: sanitize(isOne ? point : `${point}/${source.name ?? `if${at}`}`),
            description: sanitize(describeInterface({ files, source, place })),
            linktype: source.linktype,
            snaplen: source.snaplen,
          };
          const key = JSON.stringify(described);
          const known = byKey.get(key) ?? { described, id: byKey.size };
          byKey.set(key, known);
          this.#ids.set(`${file}\n${at}`, known.id);
        }
      }
    }
    this.described = [...byKey.values()].map(({ described }) => described);
  }

  idOf({ file, interfaceId }: KeptPacket): number {
    return this.#ids.get(`${file}\n${interfaceId}`) ?? 0;
  }
}

interface Described {
  readonly files: readonly string[];
  readonly source: CaptureInterface;
  readonly place: PointPlace;
}

/** `captures/x/node1.eth0.pcap: uplink of node1`. */
function describeInterface({ files, source, place }: Described): string {
  const [first = "", ...more] = files;
  const rest = more.length === 0 ? "" : ` and ${more.length} more`;
  const what = [describePlace(place), source.description].filter((text) => text !== undefined);
  return what.length === 0 ? `${first}${rest}` : `${first}${rest}: ${what.join("; ")}`;
}

function describePlace({ role, node, pod }: PointPlace): string | undefined {
  const of = node === undefined ? "" : ` of ${node}`;
  switch (role) {
    case "client":
      return "a client outside the node";
    case "pod":
      return `the network namespace of pod ${pod ?? "?"}`;
    case "any":
      return `all interfaces${of}`;
    case "veth":
      return pod === undefined ? `veth${of}` : `veth${of} that leads to pod ${pod}`;
    case "uplink":
    case "bridge":
    case "overlay":
    case "loopback":
      return `${role}${of}`;
    case "unknown":
      return undefined;
  }
}

/** By the reference's clock, then as the files have them. */
function inOrder(
  packets: readonly KeptPacket[],
  clocks: readonly ClockEstimate[],
): readonly KeptPacket[] {
  const clockOf = new Map(clocks.map((clock) => [clock.point, clock]));
  const timed = packets.map((packet, at) => ({
    packet,
    at,
    time: onReference(packet, clockOf.get(packet.point)),
  }));
  timed.sort((a, b) => Number(a.time - b.time) || a.at - b.at);
  return timed.map(({ packet }) => packet);
}

function onReference({ time }: KeptPacket, clock: ClockEstimate | undefined): bigint {
  if (clock === undefined) return time;
  const drifted = (Number(time - clock.at) * clock.driftPpm) / 1e6;
  return time - BigInt(Math.round(clock.offsetNs + drifted));
}
