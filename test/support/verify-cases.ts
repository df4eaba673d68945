/** Which hostPort scenario recorded cases are cases of, and the ways captures can be handed over. */
import type { GivenFacts } from "#cluster/facts.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { Report } from "#verify/report.js";
import {
  captureOf,
  capturesOf,
  CASES,
  LAB_FLAGS,
  NOTHING_GIVEN,
  topologyOf,
  type Question,
} from "./verify-recorded.js";

/** Scenarios whose rows depend on portmap; all others are paths through the model of the datapath. */
export const ROW_SCENARIOS = SCENARIOS.filter(({ target }) => target !== "path");

/**
 * `captures/README.md`: the story of each case about a hostPort. A broken case is one of its healthy
 * twin's scenario.
 */
// prettier-ignore
export const SCENARIO_OF: Readonly<Record<string, string>> = {
  "hostport-external":              "hostport-external",
  "hostport-hostip":                "hostport-external",
  "hostport-udp":                   "hostport-external",
  "hostport-other-node":            "hostport-node",
  "hostport-own-address":           "hostport-node",
  "hostport-localhost":             "hostport-localhost",
  "hostport-hairpin":               "hostport-hairpin",
  "hostport-hairpin-promisc":       "hostport-hairpin",
  "hostport-pod-same-node":         "hostport-pod",
  "hostport-pod-other-node":        "hostport-pod",
  "hostnetwork-external":           "hostnetwork-external",
  "broken-extra-masquerade":        "hostport-external",
  "broken-forward-drop":            "hostport-external",
  "broken-no-dnat":                 "hostport-external",
  "broken-nothing-listening":       "hostport-external",
  "broken-udp-stale-conntrack":     "hostport-external",
  "broken-localhost-no-masquerade": "hostport-localhost",
  "broken-hairpin-off":             "hostport-hairpin",
  "broken-hairpin-off-promisc":     "hostport-hairpin",
  "broken-large-packets-dropped":   "hostport-external",
  "broken-udp-replies-dropped":     "hostport-external",
  "hostport-client-behind-nat":     "hostport-external",
  "hostport-mid-connection":        "hostport-external",
  "hostport-pod-no-bridge-nf":      "hostport-pod",
  "pod-dialled-by-address":         "hostport-external",
  "service-beside-hostport":        "hostport-external",
  // No hostPort is dialled at all.
  "pod-egress-mid-connection":      "none",
  "pod-to-pod-other-node":          "none",
};

export const HOST_PORT_CASES: readonly string[] = Object.keys(SCENARIO_OF);

/** Those about Services, Docker, pods and proxies, in which a hostPort is dialled at most by the way. */
export const OTHER_CASES: readonly string[] = CASES.filter(
  (recorded) => !HOST_PORT_CASES.includes(recorded),
);

export const isBroken = (recorded: string): boolean => recorded.startsWith("broken-");

/** What flags would say truthfully of a case. */
export function flagsOf(recorded: string): GivenFacts {
  if (recorded === "hostnetwork-external") {
    return { ...NOTHING_GIVEN, node: ["10.20.32.204"], hostPort: 8081 };
  }
  const isUdp = recorded.includes("udp");
  return isUdp ? { ...LAB_FLAGS, hostPort: 9999, containerPort: 9999 } : LAB_FLAGS;
}

export const withTopology = (recorded: string): GivenFacts => ({
  ...NOTHING_GIVEN,
  topology: topologyOf(recorded),
});

type Input = Pick<Question, "captures" | "given">;

/** Ways to hand a case over: some of its captures, under a name, with what is said beside them. */
export const MODES = {
  "pod alone": (recorded) => ({ captures: [captureOf(recorded, "pod-p1a.eth0")] }),
  "pod alone, called capture": (recorded) => ({
    captures: [captureOf(recorded, "pod-p1a.eth0", "capture")],
  }),
  "pod alone, with flags": (recorded) => ({
    captures: [captureOf(recorded, "pod-p1a.eth0")],
    given: flagsOf(recorded),
  }),
  "pod alone, with another's flags": (recorded) => ({
    captures: [captureOf(recorded, "pod-p1a.eth0")],
    given: LAB_FLAGS,
  }),
  "pod alone, with topology": (recorded) => ({
    captures: [captureOf(recorded, "pod-p1a.eth0")],
    given: withTopology(recorded),
  }),
  all: (recorded) => ({ captures: capturesOf(recorded) }),
  "all, with topology": (recorded) => ({
    captures: capturesOf(recorded),
    given: withTopology(recorded),
  }),
  any: (recorded) => ({ captures: [captureOf(recorded, "node1.any")] }),
  "any, with topology": (recorded) => ({
    captures: [captureOf(recorded, "node1.any")],
    given: withTopology(recorded),
  }),
  "any-sll": (recorded) => ({ captures: [captureOf(recorded, "node1.any-sll")] }),
  "any-sll, with topology": (recorded) => ({
    captures: [captureOf(recorded, "node1.any-sll")],
    given: withTopology(recorded),
  }),
  "eth0 alone": (recorded) => ({ captures: [captureOf(recorded, "node1.eth0")] }),
  "eth0 alone, with topology": (recorded) => ({
    captures: [captureOf(recorded, "node1.eth0")],
    given: withTopology(recorded),
  }),
} as const satisfies Record<string, (recorded: string) => Input>;

export type Mode = keyof typeof MODES;
export const MODE_NAMES = Object.keys(MODES) as readonly Mode[];

const CAPTURE_OF: readonly (readonly [string, string])[] = [
  ["pod alone", "pod-p1a.eth0"],
  ["any-sll", "node1.any-sll"],
  ["any", "node1.any"],
  ["eth0 alone", "node1.eth0"],
];

/** Those for which the case has a capture. */
export function modesOf(recorded: string): readonly Mode[] {
  const points = new Set(capturesOf(recorded).map(({ point }) => point));
  return MODE_NAMES.filter((mode) => {
    const needed = CAPTURE_OF.find(([start]) => mode.startsWith(start))?.[1];
    return needed === undefined || points.has(needed);
  });
}

/** `pass`, `inconclusive`, or the checks that failed with their findings: `source kept PC001`. */
export function outcomeOf({ verdict, connections }: Report): string {
  const failed = connections.flatMap(({ checks }) =>
    checks
      .filter((check) => check.verdict === "fail")
      .map(({ check, finding }) => `${check} ${finding?.code ?? "without a finding"}`),
  );
  return verdict === "fail" ? [...new Set(failed)].join(", ") : verdict;
}

/** Everything that would decide what is undecided, each once. */
export function missingOf({ connections }: Report): readonly string[] {
  return [
    ...new Set(connections.flatMap(({ checks }) => checks.flatMap(({ missing }) => missing))),
  ];
}
