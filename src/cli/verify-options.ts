/** Reads the options of `verify`. What is wrong is said as `--node 10.0.0.300: not an IP address`. */
import type { GivenFacts } from "#cluster/facts.js";
import { portmapBehaviour, type PortmapBehaviour } from "#expected/rulesets/portmap.js";
import type { Scenario } from "#expected/scenarios/scenario.js";
import { parseAddress, type Address } from "#net/address.js";
import { parsePrefix, type Prefix } from "#net/prefix.js";
import { sanitize } from "#report/sanitize.js";
import { AUTO, type AutoScenario } from "#verify/auto.js";
import type { EarlierRules, NodeStates, VerifyInput } from "#verify/verify-input.js";
import { diskFile } from "./bundle/disk-file.js";
import type { SavedState } from "./bundle/saved-in.js";
import { CannotCheck } from "./exit.js";
import type { VerifyFlags } from "./flags.js";
import { readConntrackFiles, type ConntrackGiven } from "./conntrack-files.js";
import { readRowsOption } from "./scenario-option.js";
import { readStateOptions } from "./state-options.js";
import { statesFor } from "./states-for.js";
import { readSavedTopology } from "./topology-option.js";

export interface VerifyOptions {
  readonly scenario: Scenario | AutoScenario;
  readonly strict: boolean;
  readonly expect: NonNullable<VerifyInput["expect"]>;
  readonly given: GivenFacts;
  /** Of each address family: nodes' own rules, by the node's name. */
  readonly states: NodeStates | undefined;
  /** For stderr: which of them are not used, and why. */
  readonly stateRemarks: readonly string[];
  /** Of before the captures; undefined when nobody saved it. */
  readonly earlierRules: EarlierRules | undefined;
  readonly conntrack: ConntrackGiven;
  /** Undefined when no version was named. */
  readonly portmap: PortmapBehaviour | undefined;
}

/** `bundled` is what the captures' bundles hold; a flag counts before it. */
export async function readVerifyOptions(
  flags: VerifyFlags,
  bundled: SavedState,
): Promise<VerifyOptions> {
  const { topology, pod, hostPort, portmap, asConfigured } = flags;
  const state = readStateOptions(flags, bundled);
  const files = topology?.map((path) => diskFile(path, "--topology ")) ?? bundled.topologies;
  const told = files.length === 0 ? undefined : await readSavedTopology(files);
  const saved = statesFor(state, told);
  const known = saved.topology;
  return {
    expect: asConfigured ? "configured" : "intended",
    scenario: isAuto(flags) ? AUTO : await readRowsOption(flags),
    strict: flags.strict,
    given: {
      node: listed(flags.node)?.map((text) => readAddress({ option: "--node", text })),
      pod: pod === undefined ? undefined : readAddress({ option: "--pod", text: pod }),
      hostPort: undefined,
      containerPort: undefined,
      ...(hostPort !== undefined && readPortPair(hostPort)),
      clients: listed(flags.client)?.map(readClient),
      topology: known,
    },
    states: saved.states,
    stateRemarks: saved.remarks,
    earlierRules: state.earlierRules,
    conntrack: readConntrackFiles({
      files: state.nodes?.files ?? new Map(),
      words: flags.conntrack ?? [],
      topology: known,
    }),
    portmap: portmap === undefined ? undefined : readPortmap(portmap),
  };
}

function isAuto({ scenario }: VerifyFlags): boolean {
  return scenario === undefined || scenario === AUTO.name;
}

/** `--node A,B --node C`; undefined when the option was not given. */
function listed(values: readonly string[] | undefined): string[] | undefined {
  return values?.flatMap((list) => list.split(",")).map((text) => text.trim());
}

function readAddress({ option, text }: { option: string; text: string }): Address {
  const address = parseAddress(text);
  if (address !== undefined) return address;
  throw new CannotCheck(`${option} ${sanitize(text)}: not an IP address`);
}

function readClient(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (prefix !== undefined) return prefix;
  throw new CannotCheck(`--client ${sanitize(text)}: not an IP address or prefix`);
}

/** `9000`, `9000:8080`. */
function readPortPair(text: string): Pick<GivenFacts, "hostPort" | "containerPort"> {
  const [hostPort, containerPort] = /^(\d+)(?::(\d+))?$/.exec(text)?.slice(1).map(toNumber) ?? [];
  const ports = [hostPort, containerPort].filter((port) => port !== undefined);
  if (ports.length > 0 && ports.every(isPort)) return { hostPort, containerPort };
  const wanted = "not a port or a pair like 9000:8080, each 1 to 65535";
  throw new CannotCheck(`--host-port ${sanitize(text)}: ${wanted}`);
}

function toNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function isPort(number: number): boolean {
  return number >= 1 && number <= 65_535;
}

export function readPortmap(text: string): PortmapBehaviour {
  const behaviour = portmapBehaviour(text);
  if (behaviour !== undefined) return behaviour;
  throw new CannotCheck(`--portmap ${sanitize(text)}: not a version from 0.6.0 on, like 1.1.1`);
}
