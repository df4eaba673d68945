/** What lies between two points and may have lost or rewritten a packet there. */
import type { PathCause } from "#verify/attribution.js";
import type { TapPoint } from "#expected/taps/predicted-sighting.js";
import type { IcmpError } from "#observed/flow/connection.js";
import { requestsOf } from "#verify/replay/compared.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";
import { captureTapOf } from "#verify/replay/tap-at.js";
import type { Gap } from "./gap.js";
import { hasRule, plainText } from "./same-rule.js";
import { isTranslation, walkedRules, type WalkedRule } from "./walked-rules.js";
import { whereOf } from "./rule-causes.js";

export interface Stretch extends Gap {
  readonly there: PathCause["there"];
}

export function candidatesBetween(theCase: ReplayCase, gap: Stretch): readonly string[] {
  const found = gap.there === "nothing" ? lostBetween(theCase, gap) : changedBetween(theCase, gap);
  return [...new Set(found)];
}

/** Step by step along the way between the two points. */
function lostBetween(theCase: ReplayCase, gap: Stretch): readonly string[] {
  const { stretch, first } = gap;
  if (stretch.length < 2) return first ? [beforeFirst(first.sighting.point)] : [];
  return stretch.slice(1).flatMap(({ sighting: { point: to, outer } }, at) => {
    const from = stretch[at]?.sighting;
    return from
      ? stepBetween(theCase, { gap, from: from.point, to, outer: [from.outer, outer] })
      : [];
  });
}

function beforeFirst(point: TapPoint): string {
  return `it never came to ${nameOf(point)}: whoever sends it, or the way there`;
}

interface StepBetween {
  readonly gap: Stretch;
  readonly from: TapPoint;
  readonly to: TapPoint;
  /** Whether the packet is in a tunnel at either. */
  readonly outer: readonly [unknown, unknown];
}

function stepBetween(theCase: ReplayCase, step: StepBetween): readonly string[] {
  const { from, to, gap } = step;
  if (from.namespace.kind === "outside" || to.namespace.kind === "outside") {
    const node = nodeName(from) ?? nodeName(to) ?? "the node";
    const back = gap.direction === "reply" ? ", the way back" : "";
    return [
      `the network between ${node} and the machine outside: a firewall or security group, a route${back}, who answers ARP for the address`,
    ];
  }
  const [one, other] = [nodeName(from), nodeName(to)];
  if (one !== undefined && other !== undefined && one !== other) return [betweenNodes(one, other)];
  if (one !== undefined && one === other) return withinNode(theCase, step);
  return atPod(theCase, step);
}

function betweenNodes(one: string, other: string): string {
  return `the network between ${one} and ${other}: a firewall or security group, a route, an MTU too small for the packet`;
}

function withinNode(theCase: ReplayCase, { gap, from, to, outer }: StepBetween): readonly string[] {
  const node = nodeName(from) ?? "";
  const [isOut, isIn] = [outer[0] !== undefined, outer[1] !== undefined];
  if (isOut && !isIn) {
    return [
      `${node}: a rule in INPUT against the tunnel's UDP packets`,
      `${node}: a wrong checksum of the tunnel's UDP packets (${from.interface ?? "uplink"} with checksum offload)`,
      `${node}: ${to.interface ?? "the overlay"} does not take them (VNI, forwarding entries)`,
    ];
  }
  if (!isOut && isIn) {
    return [
      `${node}: a rule in OUTPUT against the tunnel's UDP packets`,
      `${node}: ${from.interface ?? "the overlay"} has no forwarding entry for the other node`,
    ];
  }
  if (from.kind === "veth" && to.kind === "bridge") return [inPrerouting(node)];
  const isBridged = from.kind === "veth" && to.kind === "veth";
  const isEntry = from.kind !== "bridge";
  return [...hairpin(theCase, to), ...forwarding(theCase, { gap, node, isBridged, isEntry })];
}

function inPrerouting(node: string): string {
  return `${node}: a rule in raw or mangle PREROUTING, or conntrack that takes the packet for INVALID or is full`;
}

interface Forwarding {
  readonly gap: Stretch;
  readonly node: string;
  /** From port to port: no routing, and rules only by br_netfilter. */
  readonly isBridged: boolean;
  /** Its hooks in front of routing come between too. */
  readonly isEntry: boolean;
}

function forwarding(
  theCase: ReplayCase,
  { gap, node, isBridged, isEntry }: Forwarding,
): readonly string[] {
  const isKnown = gap.configured?.nodes.get(node)?.files !== undefined;
  const full = `${node}: conntrack, whose table is full or which takes the packet for INVALID`;
  const forgot = `${node}: conntrack, which lost the connection's entry (flushed, timed out, table full)`;
  const doubts = gap.isData ? [forgot, full] : [full];
  const unsaved = [
    `${node}: rules or settings that changed before they were saved`,
    `${node}: what iptables-save does not show: a table of nft's own (firewalld), tc, eBPF`,
  ];
  const unmet = gap.direction === "request" ? unmetRules(theCase, { gap, node }) : [];
  // Whatever drops in silence sends no error.
  const refusal = gap.direction === "request" && !gap.isData ? refusedAs(theCase) : undefined;
  const rejects = `${node}: a rule that rejects, in FORWARD most likely (host firewall, NetworkPolicy)`;
  if (refusal === "unreachable") {
    const nobody = `${node}: it is led to an address where nobody answers ARP: a DNAT rule or entry of an endpoint that is gone, or the pod's own network is down`;
    return [nobody, ...(isKnown ? unsaved : [`${node}: no route to it`, rejects])];
  }
  if (refusal === "rejected") return isKnown ? unsaved : [rejects, ...unmet];
  if (isKnown) return [...doubts, ...unsaved];
  if (gap.isData)
    return [`${node}: a rule in FORWARD against large packets or certain flags`, ...doubts];
  const filtered = `${node}: a rule or the policy of FORWARD (host firewall, NetworkPolicy)`;
  if (isBridged) return [`${filtered}, which br_netfilter asks`, ...doubts];
  return [
    filtered,
    ...unmet,
    `${node}: its routes lead elsewhere`,
    `${node}: net.ipv4.ip_forward is 0`,
    `${node}: its reverse path filter (rp_filter)`,
    ...(isEntry ? [inPrerouting(node)] : doubts),
  ];
}

/** What an ICMP error says of the request (RFC 792; RFC 4443 §3.1; iptables-extensions(8), --reject-with). */
function refusedAs(theCase: ReplayCase): "unreachable" | "rejected" | undefined {
  const errors = requestsOf(theCase).flatMap(({ flow }) => flow.connection.icmpErrors);
  if (errors.some((error) => isAmong(error, { ipv4: [0, 1], ipv6: [0, 3] }))) return "unreachable";
  const isRejected = errors.some((error) =>
    isAmong(error, { ipv4: [2, 3, 9, 10, 13], ipv6: [1, 4, 5, 6] }),
  );
  return isRejected ? "rejected" : undefined;
}

interface Codes {
  readonly ipv4: readonly number[];
  readonly ipv6: readonly number[];
}

/** One of these codes of destination unreachable. */
function isAmong({ type, code, from }: IcmpError, { ipv4, ipv6 }: Codes): boolean {
  return from.includes(":") ? type === 1 && ipv6.includes(code) : type === 3 && ipv4.includes(code);
}

/** What the rules of that node were to do with the packet. */
function unmetRules(
  theCase: ReplayCase,
  { gap, node }: { readonly gap: Stretch; readonly node: string },
): readonly string[] {
  return walkedRules(theCase.best.path)
    .filter((walked) => isOf(walked, { node, gap }))
    .slice(0, MAX_RULES)
    .map(
      ({ step: { rule } }) =>
        `${node}: ${rule.owner}'s rule is missing or not met: ${plainText(rule)}`,
    );
}

const MAX_RULES = 2;

function isOf(
  walked: WalkedRule,
  { node, gap }: { readonly node: string; readonly gap: Stretch },
): boolean {
  const { namespace, step, packets } = walked;
  const isThere = whereOf(namespace) === node || node === "";
  const saved = gap.configured?.nodes.get(namespace.name);
  const isKnown = saved?.files !== undefined && hasRule(saved.rules, step.rule);
  return isThere && !isKnown && packets === "request" && isAsked(walked, gap.there);
}

/** Of the end that is not as it should be. */
function isAsked(walked: WalkedRule, there: PathCause["there"]): boolean {
  if (!isTranslation(walked)) return false;
  const { kind } = walked.step.rule.target;
  const isDestinations = kind === "dnat" || kind === "redirect";
  if (there === "source not translated") return !isDestinations;
  return isDestinations;
}

/** The bridge may not send a frame out of the port that it came in by. */
function hairpin({ best }: ReplayCase, to: TapPoint): readonly string[] {
  const { dial, end } = best.path;
  const isOwn =
    dial.from.kind === "pod" && end.kind === "delivered" && sameName(end.to, dial.from.name);
  if (!isOwn || to.kind !== "veth") return [];
  return [`the bridge's port of ${dial.from.name} is not in hairpin mode`];
}

function sameName(to: { readonly kind: string }, name: string): boolean {
  return to.kind === "pod" && "name" in to && to.name === name;
}

function atPod(theCase: ReplayCase, { from, to }: StepBetween): readonly string[] {
  const pod = podName(to) ?? podName(from) ?? "the pod";
  const isComing = podName(to) !== undefined;
  return [
    ...hairpin(theCase, { ...to, kind: "veth" }),
    isComing
      ? `a neighbour entry of ${pod}'s node that is not ${pod}'s MAC address, or ${pod}'s veth or bridge port is down`
      : `rules in ${pod}'s own namespace, or its veth is down`,
  ];
}

/** Rules, or what stands in their place. */
function changedBetween(theCase: ReplayCase, gap: Stretch): readonly string[] {
  const nodes = nodesOf(theCase, gap);
  const [node = "the node"] = nodes;
  const older = `${node}: a conntrack entry that is older than the rules`;
  const isKnown = nodes.every((name) => gap.configured?.nodes.get(name)?.files !== undefined);
  const changed = `${node}: rules that changed before they were saved`;
  switch (gap.there) {
    case "another source":
      if (isKnown) return [older, changed];
      return [
        ...nodes.map((name) => `${name}: a MASQUERADE or SNAT rule that is not intended`),
        older,
      ];
    case "another destination":
      if (isKnown) return [older, changed];
      return [
        ...nodes.map((name) => `${name}: a DNAT rule of an earlier endpoint or another program`),
        older,
      ];
    case "source not translated":
    case "destination not translated":
    case "the node's own answer":
      return gap.direction === "reply"
        ? untranslatedAnswer(nodes)
        : [
            ...copies(theCase, gap),
            ...nodes.flatMap((name) => unmetRules(theCase, { gap, node: name })),
            ...(gap.there === "the node's own answer"
              ? isKnown
                ? []
                : nodes.map(resetByRule)
              : [older]),
          ];
    case "other":
    case "nothing":
      return [older];
  }
}

/** Its reset has the node's TTL too, and the address that was dialled (REJECT --reject-with tcp-reset). */
function resetByRule(node: string): string {
  return `${node}: a rule that rejects with tcp-reset`;
}

/** A promiscuous capture of a bridge lets the node route what the bridge may not return. */
function copies(theCase: ReplayCase, { first }: Stretch): readonly string[] {
  const found = first ? hairpin(theCase, { ...first.sighting.point, kind: "veth" }) : [];
  return found.map(
    (one) => `${one}, and this packet is a copy that a promiscuous capture of the bridge made`,
  );
}

function untranslatedAnswer(nodes: readonly string[]): readonly string[] {
  return [
    ...nodes.map(
      (name) =>
        `${name}: net.bridge.bridge-nf-call-iptables is 0, so an answer between its pods meets no rule`,
    ),
    "the request's source was not masqueraded, so the answer takes another way back than by the node that translated",
    ...nodes.map(
      (name) =>
        `${name}: the connection's conntrack entry is lost (flushed, timed out, table full)`,
    ),
  ];
}

/** Nodes that the packet passes between the two points. */
function nodesOf(
  { best }: ReplayCase,
  { stretch, first, direction, node }: Stretch,
): readonly string[] {
  if (node !== undefined) return [node];
  const names = stretch.flatMap(({ sighting: { point } }) => nodeName(point) ?? []);
  const shown = first?.point && captureTapOf(first.point).node;
  const hops = direction === "request" ? best.path.request : (best.path.reply?.hops ?? []);
  const passed = hops.flatMap(({ namespace }) => (namespace.kind === "node" ? namespace.name : []));
  const found = [...names, ...(shown ? [shown] : [])];
  return [...new Set(found.length > 0 ? found : passed)];
}

function nodeName({ namespace }: TapPoint): string | undefined {
  return namespace.kind === "node" ? namespace.name : undefined;
}

function podName({ namespace }: TapPoint): string | undefined {
  return namespace.kind === "pod" ? namespace.name : undefined;
}

function nameOf(point: TapPoint): string {
  const name = nodeName(point) ?? podName(point) ?? "the machine outside";
  return point.interface === undefined ? name : `${name}'s ${point.interface}`;
}
