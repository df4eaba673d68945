import { interfaceKind } from "#cluster/point-role.js";
import type { PointCoverage } from "./point-coverage.js";
import { tcpdumpOptions } from "./tcpdump-options.js";

/** How to capture at this point so that absence counts. */
export function tcpdumpLine({ name, place }: Pick<PointCoverage, "name" | "place">): string {
  const file = `${name.replaceAll(/[:/@]/g, ".")}.pcap`;
  const port = interfaceOf(name);
  const options = `${tcpdumpOptions(place)} -w ${file}`;
  if (place.role === "any") return `tcpdump -i any -y LINUX_SLL2 ${options}`;
  if (place.role === "pod") {
    return `nsenter -t PID -n tcpdump -i ${port ?? "eth0"} ${options}   (PID: a process of the pod)`;
  }
  return `tcpdump -i ${port ?? "INTERFACE"} ${options}`;
}

/** `node1.flannel.1` and `pod:web@node1/eth0` end in it; other names tell none. */
function interfaceOf(name: string): string | undefined {
  const parts = name.split(/(?=[./@])/);
  const ends = parts.map((_, at) =>
    parts
      .slice(at)
      .join("")
      .replace(/^[./@]/, ""),
  );
  return ends.find((end) => interfaceKind(end) !== undefined && !/[/@]/.test(end));
}
