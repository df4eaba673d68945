/** Pieces of ways that rows are put together from: how a packet gets to a node, and on to a pod. */
import {
  reversed,
  type PathPoint,
  type PathPointName,
  type RowEnd,
  type RowPlace,
  type RowTuple,
} from "./path-row.js";

/** A request, and the reply that mirrors it, at each of the points. */
export function shown(
  at: PathPointName | readonly PathPointName[],
  request: RowTuple,
  reply: RowTuple = reversed(request),
): readonly PathPoint[] {
  const names = typeof at === "string" ? [at] : at;
  return names.map((name) => ({
    at: name,
    request,
    reply,
    form: "plain",
    seen: "must",
    why: undefined,
  }));
}

/** A request that nobody answers from behind this point. */
export function shownAlone(
  at: PathPointName | readonly PathPointName[],
  request: RowTuple,
): readonly PathPoint[] {
  return shown(at, request).map((point) => ({ ...point, reply: undefined }));
}

export function encapsulated(
  at: PathPointName | readonly PathPointName[],
  request: RowTuple,
): readonly PathPoint[] {
  return shown(at, request).map((point) => ({ ...point, form: "vxlan" }));
}

/** linux net/ipv4/icmp.c icmp_global_allow. */
const LIMITED = "the kernel limits how often it says that it refuses";

/** An ICMP error goes back by every point that has shown the request. */
export function refused(points: readonly PathPoint[], from: RowPlace): readonly PathPoint[] {
  const errors = points.flatMap(({ at, request }): readonly PathPoint[] => {
    if (request === undefined) return [];
    const [client] = request.split(" > ") as [RowEnd];
    return [refusal(at, `${from} > ${client}`)];
  });
  return [...points, ...errors];
}

export function refusal(at: PathPointName, reply: RowTuple): PathPoint {
  return { at, request: undefined, reply, form: "icmp", seen: "may", why: LIMITED };
}

interface Perhaps {
  readonly request?: RowTuple;
  readonly reply?: RowTuple;
  readonly why?: string;
}

export function perhaps(at: PathPointName, { request, reply, why }: Perhaps): PathPoint {
  return { at, request, reply, form: "plain", seen: "may", why: why ?? PROMISCUOUS };
}

export function never(at: PathPointName, why: string): PathPoint {
  return { at, request: undefined, reply: undefined, form: "plain", seen: "never", why };
}

/**
 * With bridge-nf-call-iptables=1 a frame from a pod passes nat PREROUTING at the bridge's port, in
 * front of the bridge itself (linux net/bridge/br_netfilter_hooks.c br_nf_pre_routing_finish).
 */
export const HALF_DONE = "bridge-nf has translated the request at the bridge's port already";

const REPLY_HALF_DONE =
  "bridge-nf has restored the reply's destination already, its source not yet";

/** linux net/bridge/br_input.c br_handle_frame_finish. */
const PROMISCUOUS =
  "from one port of the bridge to another: only promiscuous mode shows it, half translated";

/** linux net/netfilter/nf_nat_proto.c nf_nat_ipv4_local_fn. */
const BEFORE_A_DEVICE = "nat OUTPUT translates it before it reaches a device";

/** From outside the cluster to the node's uplink. */
export const FROM_OUTSIDE: readonly PathPoint[] = shown(["client", "uplink"], "client > dialled");

/** A process of another node. */
export const FROM_OTHER_NODE: readonly PathPoint[] = shown(
  ["client-uplink", "uplink"],
  "client > dialled",
);

/** A process of the node itself. */
export const FROM_PROCESS: readonly PathPoint[] = [never("loopback", BEFORE_A_DEVICE)];

/** A pod, up to its node's end of the veth. */
export const FROM_POD: readonly PathPoint[] = shown(
  ["client-pod", "client-veth"],
  "client > dialled",
);

/** A pod of another node, which gives what leaves the cluster's addresses its own address. */
export const FROM_POD_ELSEWHERE: readonly PathPoint[] = [
  ...FROM_POD,
  ...shown("client-bridge", "client > dialled"),
  ...shown(["client-uplink", "uplink"], "client-node:* > dialled"),
];

/** To a pod behind the node's own bridge; what the reply's destination is restored to on it. */
export function toPod(source: RowEnd, restored: RowEnd = source): readonly PathPoint[] {
  const bridge = shown("bridge", `${source} > endpoint`, `endpoint > ${restored}`);
  return [
    ...bridge.map((point) => (restored === source ? point : { ...point, why: REPLY_HALF_DONE })),
    ...shown(["veth", "pod"], `${source} > endpoint`),
  ];
}

/** From one port of the bridge to another; the bridge's own device may show it. */
export function toNeighbour(source: RowEnd): readonly PathPoint[] {
  return [
    perhaps("bridge", { request: "client > endpoint", reply: "endpoint > client" }),
    ...shown(["veth", "pod"], `${source} > endpoint`),
    ...(source === "client" ? [] : SECOND_COPY),
  ];
}

/** From one port of the bridge to another as any switch carries it, with nothing translated. */
export const BRIDGED: readonly PathPoint[] = [
  perhaps("bridge", {
    request: "client > endpoint",
    reply: "endpoint > client",
    why: "from one port of the bridge to another: only promiscuous mode shows it",
  }),
  ...shown(["veth", "pod"], "client > endpoint"),
];

/**
 * A promiscuous capture on the bridge changes the traffic: the node takes the frame for its own too
 * and routes it, past the source translation that the first copy had (linux net/bridge/br_input.c
 * br_handle_frame_finish).
 */
const COPIED = "a promiscuous capture on the bridge makes the node route a second copy";

const SECOND_COPY: readonly PathPoint[] = [
  perhaps("veth", { request: "client > endpoint", why: COPIED }),
  perhaps("pod", { request: "client > endpoint", why: COPIED }),
  perhaps("client-veth", { reply: "endpoint > client", why: COPIED }),
  perhaps("client-pod", { reply: "endpoint > client", why: COPIED }),
];

/** Across the pods' network to a pod of another node. */
export function toRemotePod(source: RowEnd): readonly PathPoint[] {
  const tuple: RowTuple = `${source} > endpoint`;
  return [
    ...shown("overlay", tuple),
    ...encapsulated(["uplink", "endpoint-uplink"], tuple),
    ...shown(["endpoint-overlay", "endpoint-bridge", "veth", "pod"], tuple),
  ];
}

/** The bridge of a pod whose packets its node translates and sends on to another node. */
export const OVER_THE_BRIDGE: readonly PathPoint[] = shown(
  "bridge",
  "client > endpoint",
  "dialled > client",
).map((point) => ({ ...point, why: HALF_DONE }));
