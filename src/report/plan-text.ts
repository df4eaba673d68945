/** A plan as one shell script with its explanation in comments: blocks to paste, machine by machine. */
import { tcpdumpOptions } from "#observed/coverage/tcpdump-options.js";
import type { Plan, PlannedCapture, PlannedMachine } from "#verify/plan/plan.js";
import { filterText, tunnelText } from "./plan-filter.js";
import { planCosts } from "./plan-costs.js";
import { NODE_EVENTS, NODE_STATE } from "./plan-state.js";
import { comment, heading, planWords, wrapWords, type PlanWords } from "./plan-words.js";
import { fileWord, shellWord } from "./shell-words.js";

/** How to get at a pod's network namespace. */
export const ENTRANCES = ["crictl", "docker", "netns"] as const;
export type Entrance = (typeof ENTRANCES)[number];

export interface PlanText {
  /** Undefined: docker on Docker's hosts, crictl elsewhere. */
  readonly entrance: Entrance | undefined;
  /** As it was named: a scenario of the user's own is a file. */
  readonly scenario: string;
  /** Files that the plan was made from. */
  readonly topologies: readonly string[];
}

/** In chunks of whole lines, at most 80 characters wide where names allow. */
export function* planText(
  plan: Plan,
  { entrance, scenario, topologies }: PlanText,
): Iterable<string> {
  const words = planWords(plan);
  yield* introduction(plan, words);
  for (const machine of plan.machines) {
    yield* startBlock(plan, machine, { words, entrance });
  }
  for (const machine of plan.machines) yield* stopBlock(machine, { words, entrance });
  yield* verifyBlock(plan, { words, scenario, topologies });
  yield* planCosts(plan, words);
}

function* introduction(plan: Plan, words: PlanWords): Iterable<string> {
  const { scenario, ways, assumptions } = plan;
  yield* comment(`pcapcheck plan: ${scenario.name}`);
  yield* comment(scenario.question);
  yield "#\n";
  yield* comment(
    "1. Paste each part 1 on its machine, in bash as root. It captures for 10 minutes, or " +
      "1,000,000 packets a file, unless part 2 stops it.",
  );
  yield* comment(
    "2. Make the connection that fails. Shortly before it and after it make one of the same " +
      "kind that works, as from another client or straight to the pod: only where others were " +
      "captured does it prove anything that this one is missing.",
  );
  yield* comment("3. Paste each part 2 on its machine, in the folder that part 1 made.");
  yield* comment("4. Bring the archives together and paste part 3 where pcapcheck is.");
  yield "#\n";
  yield* comment("What is dialled, and what it becomes on its way:");
  for (const [name, tuples] of groupedWays(ways)) {
    yield* comment(name, 2);
    for (const tuple of tuples) yield* comment(words.say(tuple), 4);
  }
  for (const assumption of assumptions) yield* comment(`Assumed: ${words.say(assumption)}`);
  if (words.used.length === 0) return;
  yield* heading("0. Fill in, on every machine and where pcapcheck is");
  for (const { name, meaning } of words.used) yield `${`${name}=`.padEnd(18)}# ${meaning}\n`;
  const names = words.used.map(({ name }) => name).join(" ");
  yield `${wrapWords(`for name in ${names}; do`, 76).join(" \\\n  ")}
  [ -n "\${!name}" ] || echo "fill in $name"
done\n`;
}

/** Of two hundred endpoints nobody reads every way. */
const MAX_WAYS = 3;

function groupedWays(ways: Plan["ways"]): ReadonlyMap<string, readonly string[]> {
  const names = [...new Set(ways.map(({ name }) => name))];
  return new Map(
    names.map((name) => {
      const lines = ways
        .filter((way) => way.name === name)
        .map(({ tuples }) =>
          tuples
            .map((tuple, at) => (at === 0 ? tuple : tuple.replace(/^\w+ /, "")))
            .join(", then "),
        );
      const others = lines.length - MAX_WAYS;
      return [
        name,
        others > 0 ? [...lines.slice(0, MAX_WAYS), `and ${others} more of this kind`] : lines,
      ];
    }),
  );
}

interface Spoken {
  readonly words: PlanWords;
}

const FOLDER = "pcapcheck";
/** Seconds. */
const LONGEST = 600;
const MOST_PACKETS = 1_000_000;

function* startBlock(
  plan: Plan,
  machine: PlannedMachine,
  { words, entrance }: Spoken & Pick<PlanText, "entrance">,
): Iterable<string> {
  yield* heading(`1. Start, on ${describeMachine(machine, words)}`);
  const isNode = machine.kind === "node";
  if (isNode) yield* howToGetIn(machine, words);
  yield `mkdir -p ${FOLDER}/before && cd ${FOLDER}\n`;
  if (isNode) yield SAVE;
  const entered = machine.captures.filter(({ role }) => role === "pod");
  const veths = machine.captures.filter((capture) => capture.interface === undefined && isNode);
  if (entered.length + veths.length > 0) {
    yield* namespaces(entranceOf(machine, entrance));
    if (veths.length > 0) yield VETH_OF;
  }
  yield `FILTER=${words.quote(filterText(plan.filter))}\n`;
  const tunnels = machine.captures.flatMap((capture) => capture.tunnels);
  if (tunnels.length > 0) {
    yield* comment(
      "A filter does not see into VXLAN: what those nodes send each other in it is taken whole.",
    );
    yield `UPLINK=${words.quote(tunnelText(tunnels))}\n`;
  }
  if (!isNode) yield outsideInterface(plan, words);
  for (const capture of machine.captures) yield* captureLines(capture, words);
  if (isNode) yield* savedBefore(machine, words);
  yield* comment("Names the log of each capture that did not start, which says why:");
  yield `sleep 1; grep -L "listening on" *.log\n`;
}

function* savedBefore(machine: PlannedMachine, words: PlanWords): Iterable<string> {
  const { file, command } = NODE_EVENTS;
  const events = words.word(`${fileWord(machine.name)}.${file}`);
  yield `timeout ${LONGEST} ${command} \\\n  >${events} 2>/dev/null &\necho $! >>pids\n`;
  for (const { file: kept, command: saving } of NODE_STATE.filter(({ isCounted }) => isCounted)) {
    yield `save ${words.word(`before/${fileWord(machine.name)}.${kept}`)} ${saving}\n`;
  }
}

function describeMachine({ kind, name, addresses }: PlannedMachine, words: PlanWords): string {
  const where = addresses.length > 0 ? ` (${words.say(addresses.join(", "))})` : "";
  return kind === "node"
    ? `node ${words.say(name)}${where}`
    : `${words.say(name)}${where}, a machine outside`;
}

function* howToGetIn({ name, isDockerHost }: PlannedMachine, words: PlanWords): Iterable<string> {
  if (isDockerHost) return;
  yield* comment("Without ssh to the node, for its own tools:");
  yield `# kubectl debug node/${words.comment(name)} -it --profile=sysadmin \\\n#   --image=nicolaka/netshoot -- chroot /host bash\n`;
}

/**
 * A file that could not be saved must not look like rules that are empty. What sysctl may not read it
 * says by its exit code, after all that it may.
 */
const SAVE = `save() {
  { "\${@:2}" >"$1" 2>/dev/null || [ "$2" = sysctl ]; } && [ -s "$1" ] ||
    { rm -f "$1"; echo "not there, or empty: $1"; }
}\n`;

const NETNS_OF: Record<Entrance, { readonly what: string; readonly line: string }> = {
  crictl: {
    what: "containerd, CRI-O",
    line: `netns_of() {
  echo "/proc/$(crictl inspectp -o go-template --template '{{.info.pid}}' \\
    "$(crictl pods -q -s ready --name "^\${1##*/}\\$" | head -n 1)")/ns/net"
}`,
  },
  docker: {
    what: "Docker",
    line: `netns_of() { echo "/proc/$(docker inspect -f '{{.State.Pid}}' "$1")/ns/net"; }`,
  },
  netns: { what: "ip netns", line: `netns_of() { echo "/run/netns/$1"; }` },
};

function entranceOf({ isDockerHost }: PlannedMachine, asked: Entrance | undefined): Entrance {
  return asked ?? (isDockerHost ? "docker" : "crictl");
}

/** One that is used, the others beside it. */
function* namespaces(entrance: Entrance): Iterable<string> {
  yield* comment("A pod's network namespace. By hand: /proc/PID/ns/net of a process of it.");
  for (const [name, { what, line }] of Object.entries(NETNS_OF)) {
    if (name === entrance) continue;
    yield* line.split("\n").map((part) => `# ${part}\n`);
    yield `#   (with ${what}, instead of the next)\n`;
  }
  yield `${NETNS_OF[entrance].line}\n`;
}

const VETH_OF = `veth_of() {
  local peer=$(nsenter --net="$(netns_of "$1")" ip -o link show eth0 |
    sed 's/.*@if\\([0-9]*\\):.*/\\1/')
  ip -o link | sed -n "s/^$peer: \\([^@:]*\\).*/\\1/p"
}\n`;

/** Whatever it has towards what is dialled. */
function outsideInterface({ filter, machines }: Plan, words: PlanWords): string {
  const node = machines.find(({ kind }) => kind === "node");
  const target = node?.addresses[0] ?? filter.ends[0]?.address ?? "";
  return `OUT=$(ip -o route get ${words.word(target)} | sed 's/.* dev \\([^ ]*\\) .*/\\1/')\n`;
}

function* captureLines(capture: PlannedCapture, words: PlanWords): Iterable<string> {
  const { name, role, pod, tunnels } = capture;
  const file = words.word(`${fileWord(name)}.pcap`);
  const log = words.word(`${fileWord(name)}.log`);
  const inside = role === "pod" ? `nsenter --net="$(netns_of ${words.word(pod ?? "")})" ` : "";
  const filter = tunnels.length === 0 ? `"$FILTER"` : `"$FILTER $UPLINK"`;
  const where = interfaceWord(capture, words);
  yield `timeout ${LONGEST} ${inside}tcpdump -i ${where} \\\n  -c ${MOST_PACKETS} `;
  yield `${tcpdumpOptions({ role })} \\\n`;
  yield `  -w ${file} ${filter} \\\n  2>${log} &\necho $! >>pids\n`;
}

function interfaceWord({ interface: port, role, pod }: PlannedCapture, words: PlanWords): string {
  if (port !== undefined) return words.word(port);
  if (role === "client") return `"$OUT"`;
  if (role === "veth") return `"$(veth_of ${words.word(pod ?? "")})"`;
  return "eth0";
}

function* stopBlock(
  machine: PlannedMachine,
  { words, entrance }: Spoken & Pick<PlanText, "entrance">,
): Iterable<string> {
  const { kind, name, podsWithRules } = machine;
  yield* heading(`2. Stop, on ${describeMachine(machine, words)}`);
  yield `[ -f pids ] || cd ${FOLDER}\n`;
  yield* comment("What the kernel still holds comes within a second.");
  yield `sleep 2; kill $(cat pids) 2>/dev/null; rm pids; sleep 1\n`;
  yield `grep -h "dropped by kernel" *.log   # must be 0 everywhere\n`;
  if (kind === "node") {
    yield SAVE;
    for (const { file, command } of NODE_STATE) {
      yield `save ${words.word(`${fileWord(name)}.${file}`)} ${command}\n`;
    }
    if (podsWithRules.length > 0) yield `${NETNS_OF[entranceOf(machine, entrance)].line}\n`;
    for (const pod of podsWithRules) yield* podState(pod, words);
  }
  yield `find . -type f -size 0 -delete\n`;
  yield `cd .. && tar czf ${words.word(`${fileWord(name)}.tgz`)} ${FOLDER}\n`;
}

/** A sidecar's rules are in the pod's own namespace. */
function* podState(pod: string, words: PlanWords): Iterable<string> {
  for (const { file, command } of NODE_STATE.slice(0, 7)) {
    const kept = words.word(`pod-${fileWord(pod)}.${file}`);
    yield `save ${kept} \\\n  nsenter --net="$(netns_of ${words.word(pod)})" ${command}\n`;
  }
}

function* verifyBlock(
  { machines }: Plan,
  { words, scenario, topologies }: Spoken & Pick<PlanText, "scenario" | "topologies">,
): Iterable<string> {
  yield* heading("3. Together, where pcapcheck is");
  yield "mkdir bundle\n";
  for (const { name } of machines) {
    yield `tar xzf ${words.word(`${fileWord(name)}.tgz`)} -C bundle --strip-components=1\n`;
  }
  const isKubernetes = machines.some(({ kind, isDockerHost }) => kind === "node" && !isDockerHost);
  const given = topologies.map((file) => ` \\\n  --topology ${shellWord(file)}`).join("");
  if (topologies.length === 0 && isKubernetes) {
    yield `kubectl get nodes,pods,services,endpointslices,endpoints -A -o json \\\n  >bundle/cluster.json\n`;
    yield `kubectl get configmap kube-proxy -n kube-system -o yaml >bundle/kube-proxy.yaml\n`;
  }
  if (topologies.length === 0 && machines.some(({ isDockerHost }) => isDockerHost)) {
    yield* comment(
      "Docker is in no object of Kubernetes: say in bundle/topology.yaml what there is.",
    );
    yield* comment("`pcapcheck verify --help` tells how, under Topology.");
  }
  yield `tar czf bundle.tgz bundle\n`;
  yield `pcapcheck verify bundle.tgz --scenario ${shellWord(scenario)}${given}\n`;
}
