/**
 * Rows of whatever a Service shows the world: NodePorts, external and balancer addresses share the
 * chain KUBE-EXT, so who dials and the traffic policy decide, and not what is dialled.
 */
import {
  CHOOSE,
  CHOOSE_LOCAL,
  enter,
  EXT_TO_LOCAL,
  EXT_TO_SVC,
  FLANNEL_LEAVES,
  KUBE_PROXY,
  MARK_ALL,
  MASQUERADE,
  NODE_TO_SVC,
  NOT_MARKED,
  OWN_ENDPOINT,
  POD_TO_SVC,
  TO_ENDPOINT,
  type Entry,
  type EntryHook,
} from "./kube-rules.js";
import {
  FROM_OTHER_NODE,
  FROM_OUTSIDE,
  FROM_POD,
  FROM_POD_ELSEWHERE,
  FROM_PROCESS,
  OVER_THE_BRIDGE,
  refused,
  shownAlone,
  toNeighbour,
  toPod,
  toRemotePod,
} from "./legs.js";
import type {
  EndpointPlace,
  PathClient,
  PathPoint,
  PathRow,
  RowEnd,
  RowPlace,
} from "./path-row.js";

export interface Published {
  readonly dialled: Exclude<Entry, "cluster-ip">;
  /** `node:nodePort`. */
  readonly what: string;
}

interface Client {
  readonly client: PathClient;
  readonly words: string;
  readonly hook: EntryHook;
  readonly from: readonly PathPoint[];
  /** What the node's own rules see as source. */
  readonly source: RowEnd;
  /** On a bridge of the node itself. */
  readonly isNeighbour: boolean;
}

const PASSING: readonly Client[] = [
  {
    client: "external",
    words: "external client",
    hook: "PREROUTING",
    from: FROM_OUTSIDE,
    source: "client",
    isNeighbour: false,
  },
  {
    client: "other-node",
    words: "process on another node",
    hook: "PREROUTING",
    from: FROM_OTHER_NODE,
    source: "client",
    isNeighbour: false,
  },
  {
    client: "pod-other-node",
    words: "pod on another node",
    hook: "PREROUTING",
    from: FROM_POD_ELSEWHERE,
    source: "client-node:*",
    isNeighbour: false,
  },
];

function ownProcess(client: PathClient, words: string): Client {
  const from = FROM_PROCESS;
  return { client, words, hook: "OUTPUT", from, source: "client", isNeighbour: false };
}

function ownPod(client: PathClient, words: string): Client {
  return { client, words, hook: "PREROUTING", from: FROM_POD, source: "client", isNeighbour: true };
}

/** Of a port of each node: the node is the one whose address is dialled. */
const OF_NODE_PORT = {
  passing: PASSING,
  processes: [
    ownProcess("own-address", "process on the node, by its own address,"),
    ownProcess("localhost", "process on the node, by 127.0.0.1,"),
  ],
  pods: [ownPod("pod-same-node", "pod on the same node")],
  itself: [ownPod("hairpin", "pod")],
} as const;

/** Of an address that every node's rules know: pods and processes are handled on their own node. */
const OF_ADDRESS = {
  passing: PASSING.slice(0, 1),
  processes: [ownProcess("node", "process on a node")],
  pods: [ownPod("pod", "pod")],
  itself: [ownPod("pod", "pod")],
} as const;

function clientsOf({ dialled }: Published): typeof OF_NODE_PORT | typeof OF_ADDRESS {
  return dialled === "node-port" ? OF_NODE_PORT : OF_ADDRESS;
}

interface Told {
  readonly client: Client;
  readonly endpoint: EndpointPlace;
  readonly policy: "Cluster" | "Local";
}

const PLACES: Partial<Record<EndpointPlace, string>> = {
  "same-node": "endpoint on that node",
  "other-node": "endpoint on another node",
  itself: "itself the endpoint",
};

function described(published: Published, { client, endpoint, policy }: Told) {
  return {
    client: client.client,
    dialled: published.dialled,
    endpoint,
    policy,
    name: `${client.words} to ${published.what} (${policy}), ${PLACES[endpoint] ?? "no endpoint on that node"}`,
    reference: KUBE_PROXY,
  } as const;
}

/** `externalTrafficPolicy: Cluster`: everybody is masqueraded, wherever the endpoint is. */
export function clusterPolicyRows(published: Published): readonly PathRow[] {
  const { passing, processes, pods, itself } = clientsOf(published);
  const clients = [...passing, ...processes, ...pods];
  const rowTo = (endpoint: EndpointPlace) => (client: Client) =>
    masqueraded(published, { client, endpoint, policy: "Cluster" });
  return [
    ...clients.flatMap((client) => [rowTo("same-node")(client), rowTo("other-node")(client)]),
    ...itself.map(rowTo("itself")),
    // By way of the node that it dials the packet comes back to the pod that sent it.
    ...passing.filter(({ client }) => client === "pod-other-node").map(rowTo("itself")),
  ];
}

function masqueraded(published: Published, told: Told): PathRow {
  const { client, endpoint, policy } = told;
  const isRemote = endpoint === "other-node" || isReturned(told);
  const source: RowEnd = isRemote ? "transit:*" : "bridge:*";
  return {
    ...described(published, told),
    outcome: "answered",
    source,
    points: [...client.from, ...masqueradedWay(told)],
    rules: [
      ...(client.client === "pod-other-node" ? [FLANNEL_LEAVES] : []),
      ...enter(client.hook, published.dialled),
      ...(policy === "Cluster" ? [MARK_ALL, EXT_TO_SVC] : NODE_TO_SVC),
      CHOOSE,
      TO_ENDPOINT,
      MASQUERADE,
    ],
    why: whyMasqueraded(told),
  };
}

/** A pod that is sent its own request by another node. */
function isReturned({ client, endpoint }: Told): boolean {
  return endpoint === "itself" && client.client === "pod-other-node";
}

function masqueradedWay(told: Told): readonly PathPoint[] {
  const { client, endpoint } = told;
  if (isReturned(told)) return toRemotePod("transit:*");
  if (endpoint === "other-node") {
    return [...(client.isNeighbour ? OVER_THE_BRIDGE : []), ...toRemotePod("transit:*")];
  }
  return client.isNeighbour ? toNeighbour("bridge:*") : toPod("bridge:*", client.source);
}

function whyMasqueraded({ client, endpoint, policy }: Told): string {
  if (policy === "Local") {
    return "the client is the node, so any endpoint may answer it, and answers must come back here";
  }
  if (endpoint === "other-node") {
    return (
      "the endpoint's node could answer the client by itself, from an address that it never " +
      "dialled; with this node's address as source the answer comes back here"
    );
  }
  if (endpoint === "itself") return "a pod drops packets from its own address";
  return client.isNeighbour
    ? "a neighbour on the bridge would be answered past the translation"
    : "the rule marks everything that comes by KUBE-EXT; it does not ask where the endpoint is";
}

/** `externalTrafficPolicy: Local`: strangers get endpoints of the node alone, and stay strangers. */
export function localPolicyRows(published: Published): readonly PathRow[] {
  const { passing, processes, pods, itself } = clientsOf(published);
  return [
    ...passing.flatMap((client) => [
      kept(published, local(client, "same-node")),
      nowhere(published, local(client, "none")),
    ]),
    ...processes.flatMap((client) => [
      masqueraded(published, local(client, "same-node")),
      masqueraded(published, local(client, "other-node")),
    ]),
    ...pods.flatMap((client) => [
      kept(published, local(client, "same-node")),
      kept(published, local(client, "other-node")),
    ]),
    ...itself.map((client) => own(published, local(client, "itself"))),
  ];
}

function local(client: Client, endpoint: EndpointPlace): Told {
  return { client, endpoint, policy: "Local" };
}

function kept(published: Published, told: Told): PathRow {
  const { client, endpoint } = told;
  const near = client.isNeighbour ? toNeighbour("client") : toPod(client.source);
  const far = [...OVER_THE_BRIDGE, ...toRemotePod("client")];
  return {
    ...described(published, told),
    outcome: "answered",
    source: client.source,
    points: [...client.from, ...(endpoint === "other-node" ? far : near)],
    rules: [
      ...(client.client === "pod-other-node" ? [FLANNEL_LEAVES] : []),
      ...enter(client.hook, published.dialled),
      ...(client.isNeighbour ? [POD_TO_SVC, CHOOSE] : [EXT_TO_LOCAL, CHOOSE_LOCAL]),
      TO_ENDPOINT,
      NOT_MARKED,
    ],
    why: whyKept(told),
  };
}

function whyKept({ client }: Told): string {
  if (client.isNeighbour) {
    return "a pod of the cluster is treated as if it had dialled the ClusterIP: any endpoint, source kept";
  }
  return client.client === "pod-other-node"
    ? "this node changes nothing but the destination; the client's own node has masqueraded it already"
    : "the endpoint is on this node, so its answer passes here anyway and the source can stay";
}

function nowhere(published: Published, told: Told): PathRow {
  const { client } = told;
  return {
    ...described(published, told),
    outcome: "dropped",
    source: undefined,
    points: stopped(client),
    rules: [
      ...(client.client === "pod-other-node" ? [FLANNEL_LEAVES] : []),
      "filter KUBE-EXTERNAL-SERVICES  (no local endpoint) -j DROP",
    ],
    why: "handing it to another node would cost the client's address, which Local is there to keep",
  };
}

function own(published: Published, told: Told): PathRow {
  return {
    ...described(published, told),
    outcome: "answered",
    source: "bridge:*",
    points: [...FROM_POD, ...toNeighbour("bridge:*")],
    rules: [
      ...enter("PREROUTING", published.dialled),
      POD_TO_SVC,
      CHOOSE,
      OWN_ENDPOINT,
      TO_ENDPOINT,
      MASQUERADE,
    ],
    why: "a pod drops packets from its own address",
  };
}

/** Nobody serves it on any node: refused at once, whoever dials. */
export function withoutEndpointsRows(published: Published): readonly PathRow[] {
  const { passing, processes, pods } = clientsOf(published);
  // What a process of the node sends to an address of no machine is not asked for: OUTPUT has no
  // such rule, and the packet leaves by the default route.
  const own = published.dialled === "node-port" ? processes : [];
  return [...passing, ...own, ...pods].map((client) => ({
    ...described(published, { client, endpoint: "none", policy: "Cluster" }),
    policy: "no-endpoints",
    name: `${client.words} to ${published.what}, no endpoint on any node`,
    outcome: "rejected",
    source: undefined,
    points: refused(stopped(client), refuser(published, client)),
    rules: [
      ...(client.client === "pod-other-node" ? [FLANNEL_LEAVES] : []),
      "filter KUBE-EXTERNAL-SERVICES  (no endpoints) -j REJECT",
    ],
    why: "nothing is ready anywhere, and the client is told so: ICMP port unreachable from the node",
  }));
}

/** The address dialled where it is the node's own, else that of the way back to the client. */
function refuser({ dialled }: Published, { isNeighbour }: Client): RowPlace {
  if (dialled === "node-port") return "dialled";
  return isNeighbour ? "bridge" : "node";
}

/** As far as the filter table, which stops it before anything is translated. */
function stopped({ from, hook, isNeighbour }: Client): readonly PathPoint[] {
  if (hook === "OUTPUT") return shownAlone("loopback", "client > dialled");
  const alone = from.map((point) => ({ ...point, reply: undefined }));
  return isNeighbour ? [...alone, ...shownAlone("bridge", "client > dialled")] : alone;
}

/** Clients that `loadBalancerSourceRanges` leaves out. */
export function fencedRows(published: Published): readonly PathRow[] {
  const { passing, processes, pods } = clientsOf(published);
  return [...passing, ...processes, ...pods].map((client) => ({
    ...described(published, { client, endpoint: "none", policy: "Cluster" }),
    policy: "source-range",
    name: `${client.words} to ${published.what}, not in loadBalancerSourceRanges`,
    outcome: "dropped",
    source: undefined,
    points: client.hook === "OUTPUT" ? client.from : stopped(client),
    rules: [
      `nat ${client.hook.padEnd(17)} -j KUBE-SERVICES`,
      "nat KUBE-SERVICES     -d BALANCER-IP -p tcp --dport PORT -j KUBE-FW-…",
      "nat KUBE-FW-…         -s RANGE -j KUBE-EXT-…    (not this client)",
      "filter KUBE-PROXY-FIREWALL  -d BALANCER-IP -p tcp --dport PORT -j DROP",
    ],
    why: "it falls out of KUBE-FW untranslated, and the filter table drops what is dialled there",
  }));
}
