/** What Microsoft Retina saves of a node beside its capture (pkg/capture/provider/network_capture_unix.go). */
import type { CollectedFile, CollectedState, ReadCollection } from "./collection.js";
import { ipRouteJson } from "./ip-route-text.js";
import { withCounters, type Listings } from "./retina-counters.js";
import { retinaSections, type RetinaSection } from "./retina-sections.js";

export const readRetina: ReadCollection = (files) => [
  ...files.flatMap((file) => READERS.get(file.path)?.(file) ?? []),
  ...sysctls(files),
];

type Reader = (file: CollectedFile) => readonly CollectedState[];

const READERS: ReadonlyMap<string, Reader> = new Map([
  ["iptables-rules.txt", rules],
  ["ip-resources.txt", resources],
  ["proc-net/nf_conntrack", conntrack],
]);

function rules({ path, text }: CollectedFile): readonly CollectedState[] {
  const sections = retinaSections(text);
  const saved = sections.find(({ command }) => command === "iptables-save");
  if (!isPrinted(saved)) return [];
  const listings: Listings = new Map(
    sections.flatMap(({ command, lines }): [string, readonly string[]][] => {
      const [, table = "filter"] = /^iptables -vnx -L(?: -t (\w+))?$/.exec(command) ?? [];
      return command.startsWith("iptables -vnx -L") ? [[table, lines]] : [];
    }),
  );
  return [
    { kind: "iptables-save.txt", path, text: withCounters(saved.lines, listings).join("\n") },
  ];
}

function resources({ path, text }: CollectedFile): readonly CollectedState[] {
  const sections = retinaSections(text);
  const addresses = sections.find(({ command }) => command === "ip -d -j addr show");
  const routes = sections.find(({ command }) => command === "ip route show table all");
  return [
    ...(isPrinted(addresses)
      ? [{ kind: "ip-addr.json" as const, path, text: addresses.lines.join("\n") }]
      : []),
    ...(isPrinted(routes)
      ? [{ kind: "ip-route.json" as const, path, text: ipRouteJson(routes.lines) }]
      : []),
  ];
}

function isPrinted(section: RetinaSection | undefined): section is RetinaSection {
  return section !== undefined && section.lines.some((line) => line.trim() !== "");
}

function conntrack({ path, text }: CollectedFile): readonly CollectedState[] {
  return text.trim() === "" ? [] : [{ kind: "conntrack.txt", path, text }];
}

const TREE = "proc-sys-net/";

/** `proc-sys-net/ipv4/conf/flannel.1/rp_filter` is `net.ipv4.conf.flannel/1.rp_filter` (sysctl(8)). */
function sysctls(files: readonly CollectedFile[]): readonly CollectedState[] {
  const lines = files
    .filter(({ path, text }) => path.startsWith(TREE) && text.trim() !== "")
    .map(({ path, text }) => {
      const parts = path.slice(TREE.length).split("/");
      const name = ["net", ...parts.map((part) => part.replaceAll(".", "/"))].join(".");
      return `${name} = ${text.trim().split("\n")[0]}`;
    })
    .sort();
  return lines.length === 0 ? [] : [{ kind: "sysctl.txt", path: TREE, text: lines.join("\n") }];
}
