/** Who dialled what in a recorded case, and how it ended: read from the script that recorded it. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Topology } from "#cluster/topology.js";
import type { Network } from "#expected/network/network.js";
import { namespaceOfParty, stateOf } from "#expected/network/namespace.js";
import type { Dial, Party } from "#expected/network/path.js";
import { sourceAddressFor } from "#expected/network/source-address.js";

const LAB = fileURLToPath(new URL("../../captures/lab/", import.meta.url));

export interface LabDial {
  readonly from: string;
  /** The source address, where the process names one. */
  readonly boundTo: string | undefined;
  readonly sourcePort: number;
  readonly protocol: "tcp" | "udp";
  /** `10.20.32.204:9000`. */
  readonly to: string;
  /** The client address that the server reported, `refused`, `timeout`, `silence` or `answered`. */
  readonly outcome: string;
}

/** The traffic, then the control requests before and after it. */
export function labDials(recorded: string, topology: Topology): readonly LabDial[] {
  const script = read(`cases/${recorded}.sh`);
  const control =
    functionOf(script, "control") ??
    sourcedBy(script).flatMap((file) => functionOf(read(file), "control") ?? [])[0] ??
    functionOf(read("record.sh"), "control") ??
    "";
  const controls = ["40001", "40002"].map((port) =>
    control.replaceAll('"$1"', port).replaceAll('"$(($1 + 100))"', `${Number(port) + 100}`),
  );
  return [functionOf(script, "traffic") ?? "", ...controls]
    .flatMap((text) => text.split("\n"))
    .flatMap((line) => dialOf(line, topology) ?? []);
}

function read(file: string): string {
  return existsSync(LAB + file) ? readFileSync(LAB + file, "utf8") : "";
}

/** What it sources, and the file of `service_case`, which sets what cases about Services share. */
function sourcedBy(script: string): readonly string[] {
  const sourced = [...script.matchAll(/^source "\$LAB_DIR\/(\S+)"/gm)].flatMap(
    ([, file]) => file ?? [],
  );
  return /^service_case$/m.test(script) ? [...sourced, "services.sh"] : sourced;
}

/** The body of a shell function, on one line or up to a brace of its own. */
function functionOf(script: string, name: string): string | undefined {
  const [, oneLine, block] =
    new RegExp(`^ *${name}\\(\\) \\{(?: (.*) \\}|\\n([\\s\\S]*?)^ *\\})$`, "m").exec(script) ?? [];
  return oneLine ?? block;
}

function dialOf(line: string, topology: Topology): LabDial | undefined {
  const plain = line
    .replaceAll('"', "")
    .replace(/\$\(pod_address (\S+?)\)/, (_, name: string) => addressOfPod(topology, name));
  const [command = "", ...words] = plain.trim().replace(/;$/, "").split(" ");
  switch (command) {
    case "http":
    case "datagrams": {
      const [from = "", port, to = "", outcome = ""] = words;
      const protocol = command === "http" ? "tcp" : "udp";
      return { from, boundTo: undefined, sourcePort: Number(port), protocol, to, outcome };
    }
    case "http_bound": {
      const [from = "", boundTo, port, to = "", outcome = ""] = words;
      return { from, boundTo, sourcePort: Number(port), protocol: "tcp", to, outcome };
    }
    case "probe": {
      const [from = "", port, address = ""] = words;
      const to = `${address}:${HEALTH_CHECK_NODE_PORT}`;
      const rest = { boundTo: undefined, protocol: "tcp", outcome: "answered" } as const;
      return { from, sourcePort: Number(port), to, ...rest };
    }
    default:
      return undefined;
  }
}

/** The one that a case declares. */
const HEALTH_CHECK_NODE_PORT = 32_000;

/** A variable stands for the pod that serves, which is p1a unless the case says otherwise. */
function addressOfPod({ pods }: Topology, name: string): string {
  const wanted = name.startsWith("$") ? "p1a" : name;
  return pods.find((pod) => pod.name === wanted)?.address ?? "";
}

const CLIENT = "198.51.100.79";
const ROUTER = "10.20.32.1";

/** The address that a machine of the lab sends from is its kernel's choice. */
export function dialInNetwork(network: Network, lab: LabDial): Dial {
  const { from, boundTo, sourcePort, protocol, to } = lab;
  const at = to.lastIndexOf(":");
  const destination = { address: to.slice(0, at), port: Number(to.slice(at + 1)) };
  const party = partyCalled(network, from);
  const namespace = namespaceOfParty(network, party);
  const state = namespace && stateOf(network, namespace);
  const own = state && sourceAddressFor(state, destination.address);
  const address = boundTo ?? own ?? (party.kind === "outside" ? party.address : "0.0.0.0");
  return { from: party, tuple: { protocol, source: { address, port: sourcePort }, destination } };
}

function partyCalled({ topology }: Network, name: string): Party {
  if (topology.nodes.some((node) => node.name === name)) return { kind: "node", name };
  if (topology.pods.some((pod) => pod.name === name)) return { kind: "pod", name };
  return { kind: "outside", address: name === "router" ? ROUTER : CLIENT };
}
