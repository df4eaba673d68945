import { expect, test } from "vitest";
import { portConflicts } from "#cluster/port-conflicts.js";
import { readTopology } from "#cluster/topology-file.js";

function conflictsOf(pods: readonly string[]): readonly string[] {
  const text = `
schema: pcapcheck.topology/v1
nodes: [{ name: n1, addresses: [10.20.32.204] }, { name: n2, addresses: [10.20.32.205] }]
pods:
${pods.map((pod) => `  - { ${pod} }`).join("\n")}
`;
  return portConflicts(readTopology({ file: "topology.yaml", text }));
}

const A = "name: a, node: n1, address: 10.233.1.2";
const B = "name: b, node: n1, address: 10.233.1.3";
const ELSEWHERE = "name: b, node: n2, address: 10.233.2.2";
const HOST = "name: h, node: n1, address: 10.20.32.204, hostNetwork: true";

const mapped = (pod: string, more = ""): string =>
  `${pod}, hostPorts: [{ hostPort: 9000, containerPort: 8080${more} }]`;

const FIRST_TAKES = "a and b on n1 both ask for hostPort 9000: nothing reserves it";

// prettier-ignore
test.each([
  { pods: [mapped(A), mapped(B)],                                               says: [FIRST_TAKES],                      why: "the same port" },
  { pods: [mapped(A), mapped(B, ", protocol: udp")],                            says: [],                                 why: "UDP is another port" },
  { pods: [mapped(A), mapped(B, ", hostIP: 10.20.32.204")],                     says: [FIRST_TAKES],                      why: "an address that nobody names is all of them" },
  { pods: [mapped(A, ", hostIP: 0.0.0.0"), mapped(B, ", hostIP: 10.20.32.204")], says: [FIRST_TAKES],                     why: "0.0.0.0 is all of them too" },
  { pods: [mapped(A, ", hostIP: 10.20.32.204"), mapped(B, ", hostIP: 127.0.0.1")], says: [],                              why: "each has an address of its own" },
  { pods: [mapped(A), mapped(ELSEWHERE)],                                       says: [],                                 why: "each is on a node of its own" },
  { pods: [mapped(A), mapped(`${B}, gone: true`)],                              says: [],                                 why: "one is gone" },
  { pods: [mapped(A), mapped(B).replace("9000", "9001")],                       says: [],                                 why: "another port" },
  { pods: [`${A}, hostPorts: [{ hostPort: 9000, containerPort: 1 }, { hostPort: 9000, containerPort: 2 }]`], says: [],    why: "both are of one pod" },
  { pods: [mapped(A), `${HOST}, ports: [9000]`],                                says: ["a and h on n1: hostPort 9000 of a translates what h listens for"], why: "rules come before the socket" },
  { pods: [`${HOST}, ports: [9000]`, mapped(A)],                                says: ["h and a on n1: hostPort 9000 of a translates what h listens for"], why: "whichever the file lists first" },
  { pods: [`${HOST}, ports: [80]`, "name: i, node: n1, address: 10.20.32.204, hostNetwork: true, ports: [80]"], says: ["h and i on n1 both listen on port 80 of the node: the second cannot bind it"], why: "one socket" },
  { pods: [`${B}, ports: [9000]`, mapped(A)],                                   says: [],                                 why: "a pod's own port is not the node's" },
])("$why", ({ pods, says }) => {
  const found = conflictsOf(pods);
  expect(found.map((sentence, at) => sentence.slice(0, says[at]?.length))).toEqual(says);
});

test("three pods are three pairs", () => {
  const third = "name: c, node: n1, address: 10.233.1.4";
  expect(conflictsOf([mapped(A), mapped(B), mapped(third)])).toHaveLength(3);
});
