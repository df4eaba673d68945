/** What the file of a capture is called, so that its name tells the capture point again. */
import { placeOf } from "#cluster/point-role.js";
import type { Topology } from "#cluster/topology.js";
import type { TapPoint } from "#expected/taps/predicted-sighting.js";
import type { Address } from "#net/address.js";
import { prefixContains } from "#net/prefix.js";

/** Without `.pcap`: `node1.eth0`, `node1.veth-web`, `pod-web.eth0`, `client.eth0`. */
export function captureNameOf(point: TapPoint, topology: Topology): string {
  const { namespace, interface: port, kind, pod } = point;
  switch (namespace.kind) {
    case "outside":
      return "client.eth0";
    case "pod":
      return `pod-${fileName(namespace.name)}.${port ?? "eth0"}`;
    case "node": {
      if (kind !== "veth") return `${namespace.name}.${port ?? kind}`;
      const named = `${namespace.name}.veth-${fileName(pod ?? "POD")}`;
      // A veth that the topology lists is known by its own name; any other by the pod's.
      return port !== undefined && placeOf(`${namespace.name}.${port}`, topology).pod === pod
        ? `${namespace.name}.${port}`
        : named;
    }
  }
}

/** Of several machines outside each has a file of its own. */
export function outsideName(address: Address, topology: Topology): string {
  const listed = topology.clients.find(({ addresses }) =>
    addresses.some((prefix) => prefixContains(prefix, address)),
  );
  const name = listed?.name ?? address;
  if (topology.clients.length <= 1) return "client";
  return /^client(\W|$)/.test(name) ? name : `client-${fileName(name)}`;
}

/** A slash would be a folder. */
function fileName(pod: string): string {
  return pod.replaceAll("/", "_");
}
