/** Which of the model's capture points a capture of the run is. */
import type { TapPoint } from "#expected/taps/predicted-sighting.js";
import type { Prefix } from "#net/prefix.js";
import type { Point } from "#verify/point.js";

/** What a capture's name says of where it was taken; undefined is what it does not say. */
export interface CaptureTap {
  readonly kind: TapPoint["kind"] | "any" | "client" | "pod" | undefined;
  readonly node: string | undefined;
  readonly pod: string | undefined;
  readonly interface: string | undefined;
  /** Of a client that the topology lists by the capture's name. */
  readonly addresses: readonly Prefix[] | undefined;
}

export function captureTapOf({ name, place, clientAddresses }: Point): CaptureTap {
  const { role, node, pod } = place;
  const interfaceName = /[./]([^/]+?)$/.exec(name)?.[1];
  return {
    kind: role === "unknown" ? undefined : role,
    node,
    pod,
    interface: interfaceOf(name, node) ?? interfaceName,
    addresses: clientAddresses,
  };
}

/** Behind the node's name: `node1.flannel.1`, `node1/any/eth0`, `node1.multi/cni0`. */
function interfaceOf(name: string, node: string | undefined): string | undefined {
  if (node === undefined || !name.startsWith(node)) return undefined;
  return name.slice(node.length + 1).replace(/^.*\//, "");
}

/** True when what the model says of `tap` is what this capture would show. */
export function isAtTap(capture: CaptureTap, tap: TapPoint): boolean {
  switch (capture.kind) {
    case undefined:
      return false;
    case "client":
      return tap.namespace.kind === "outside";
    case "pod":
      return isInPod(capture, tap);
    case "any":
      return tap.namespace.kind === "node" && isNode(capture, tap);
    case "veth":
      return tap.kind === "veth" && isNode(capture, tap) && isVethOf(capture, tap);
    case "bridge":
    case "uplink":
    case "overlay":
    case "loopback":
      return (
        tap.namespace.kind === "node" &&
        tap.kind === capture.kind &&
        isNode(capture, tap) &&
        isInterface(capture, tap)
      );
  }
}

function isInPod({ pod, interface: name }: CaptureTap, { namespace, kind }: TapPoint): boolean {
  if (namespace.kind !== "pod") return false;
  if (pod !== undefined && namespace.name !== pod) return false;
  const isLoopback = name === "lo";
  return isLoopback === (kind === "loopback");
}

function isNode({ node }: CaptureTap, { namespace }: TapPoint): boolean {
  return namespace.kind === "node" && (node === undefined || namespace.name === node);
}

function isVethOf({ pod }: CaptureTap, tap: TapPoint): boolean {
  return pod === undefined || tap.pod === undefined || pod === tap.pod;
}

/** A node has one uplink and one overlay as a rule, but bridges as many as Docker has networks. */
function isInterface(capture: CaptureTap, tap: TapPoint): boolean {
  if (capture.interface === undefined || tap.interface === undefined) return true;
  return tap.kind !== "bridge" || capture.interface === tap.interface;
}
