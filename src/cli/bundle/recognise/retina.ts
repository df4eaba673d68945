import type { BundleEntry } from "../bundle-entry.js";
import { isCaptureHead } from "../entry-head.js";
import type { Recogniser, Siblings } from "../recogniser.js";
import { nodeOfRetinaName } from "../retina-name.js";

/** What Microsoft Retina packs of one node: a capture of its own namespace, taken with `-i any`, and its state. */
export const recogniseRetina: Recogniser = (entry, siblings) => {
  const { path, head } = entry;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const node = nodeOfRetinaName(name);
  if (node !== undefined && isCaptureHead(head)) {
    return { as: "capture", point: `${node}/any`, by: "its name, as Retina gives it" };
  }
  const part = PARTS.exec(path)?.[1];
  if (part === undefined || (part.endsWith("s.txt") && !isOutput(head))) return undefined;
  const by = "its name, as Retina gives it";
  return { as: "part", of: "retina", node: nodeOf(entry, { part, siblings }), path: part, by };
};

/** Those that are read; `proc-net` and `socket-stats.txt` tell of sockets. */
const PARTS =
  /(?:^|\/)(iptables-rules\.txt|ip-resources\.txt|proc-net\/nf_conntrack|proc-sys-net\/.+)$/;

/** Both begin with the list of the commands whose output they hold. */
function isOutput(head: Uint8Array): boolean {
  return Buffer.from(head.buffer, head.byteOffset, head.length)
    .toString("latin1")
    .startsWith("Summary:");
}

/** By the capture that lies beside it, else by the archive or folder that it is in. */
function nodeOf(
  { path, shown }: BundleEntry,
  { part, siblings }: { readonly part: string; readonly siblings: Siblings },
): string {
  const root = path.slice(0, -part.length);
  for (const other of siblings.namesIn.get(root.slice(0, -1)) ?? []) {
    const node = other.endsWith(".pcap") ? nodeOfRetinaName(other) : undefined;
    if (node !== undefined) return node;
  }
  const folder = shown.slice(0, -part.length - 1);
  return nodeOfRetinaName(folder.slice(folder.lastIndexOf("/") + 1)) ?? "";
}
