/** Pods of one node that ask for the same port of it. */
import type { HostPort, Pod, Topology } from "./topology.js";

interface Claim {
  readonly pod: string;
  readonly node: string;
  readonly protocol: HostPort["protocol"] | undefined;
  readonly port: number;
  readonly hostIP: string | undefined;
  readonly kind: "hostPort" | "hostNetwork";
}

/**
 * A sentence per pair. Kubernetes schedules no two pods with one {hostIP, hostPort, protocol} on a
 * node (pkg/scheduler/framework/plugins/nodeports), but the CNI portmap plugin reserves nothing: the
 * rule that stands first takes every connection (plugins/meta/portmap v1.1.1).
 */
export function portConflicts({ pods }: Topology): readonly string[] {
  const claims = pods.filter(({ gone }) => !gone).flatMap(claimsOf);
  const ofPort = new Map<string, Claim[]>();
  for (const claim of claims) {
    const key = `${claim.node} ${claim.port}`;
    const rivals = ofPort.get(key);
    if (rivals) rivals.push(claim);
    else ofPort.set(key, [claim]);
  }
  return [...ofPort.values()].flatMap((rivals) =>
    rivals.flatMap((first, at) =>
      rivals
        .slice(at + 1)
        .filter((second) => isConflict(first, second))
        .map((second) => describe(first, second)),
    ),
  );
}

function claimsOf({ name, node, hostPorts, hostNetwork, ports }: Pod): readonly Claim[] {
  const mapped = hostPorts.map(({ hostPort: port, hostIP, protocol }) => ({
    pod: name,
    node,
    protocol,
    port,
    hostIP: isEveryAddress(hostIP) ? undefined : hostIP,
    kind: "hostPort" as const,
  }));
  const bound = (hostNetwork ? ports : []).map((port) => ({
    pod: name,
    node,
    protocol: undefined,
    port,
    hostIP: undefined,
    kind: "hostNetwork" as const,
  }));
  return [...mapped, ...bound];
}

/** The scheduler takes an empty hostIP for 0.0.0.0 (framework DefaultBindAllHostIP). */
function isEveryAddress(hostIP: string | undefined): boolean {
  return hostIP === "0.0.0.0" || hostIP === "::";
}

/** Of one port of one node. An address that nobody named is all of them; a protocol nobody named may be either. */
function isConflict(a: Claim, b: Claim): boolean {
  return a.pod !== b.pod && overlaps(a.protocol, b.protocol) && overlaps(a.hostIP, b.hostIP);
}

function overlaps(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function describe(first: Claim, second: Claim): string {
  const names = `${first.pod} and ${second.pod} on ${first.node}`;
  if (first.kind === "hostPort" && second.kind === "hostPort") {
    return (
      `${names} both ask for hostPort ${first.port}: nothing reserves it, and the rule that ` +
      "stands first takes every connection"
    );
  }
  if (first.kind === second.kind) {
    return `${names} both listen on port ${first.port} of the node: the second cannot bind it`;
  }
  const [mapped, bound] = first.kind === "hostPort" ? [first, second] : [second, first];
  return (
    `${names}: hostPort ${mapped.port} of ${mapped.pod} translates what ${bound.pod} listens ` +
    "for, so its own socket is not reached from outside"
  );
}
