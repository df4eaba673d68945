/** What is wrong with a scenario file is told with its place, and what was meant. */
import { describe, expect, test } from "vitest";
import { readScenarioFile, ScenarioFileError } from "#expected/scenario-files/scenario-file.js";

const PATH = `schema: pcapcheck.scenario/v1
name: mine
target: path
rows:
- name: a client to a NodePort
  client: external
  dialled: node-port
  endpoint: same-node
  policy: Cluster
  outcome: answered
  source: client
  points:
  - { at: uplink, request: client > dialled, reply: dialled > client }
  - { at: pod, request: client > endpoint, seen: must }
`;

const HOST_PORT = `schema: pcapcheck.scenario/v1
name: mine
target: hostPort
rows:
- name: a client to a hostPort
  client: external
  source: kept
  points:
  - { at: pod, requests: [client > pod], replies: [pod > client] }
`;

function messageOf(text: string): string {
  try {
    readScenarioFile({ file: "my.yaml", text });
  } catch (error) {
    if (error instanceof ScenarioFileError) return error.message;
    throw error;
  }
  return "none";
}

describe("a file that is right", () => {
  test("has what it leaves out filled in", () => {
    expect(readScenarioFile({ file: "my.yaml", text: PATH })).toMatchObject({
      name: "mine",
      title: "mine",
      target: "path",
      file: "my.yaml",
      otherPoints: "may",
      paths: [{ rules: [], points: [{ form: "plain", seen: "must" }, { seen: "must" }] }],
    });
  });

  test("may be JSON, with a $schema", () => {
    const text = JSON.stringify({
      $schema: "pcapcheck.scenario.v1.schema.json",
      schema: "pcapcheck.scenario/v1",
      name: "mine",
      target: "hostNetwork",
      rows: [{ name: "a", client: "external", source: "kept" }],
    });
    const read = readScenarioFile({ file: "my.json", text });
    expect(read).toMatchObject({ name: "mine", target: "hostNetwork" });
  });
});

interface Mistake {
  readonly instead: readonly [string, string];
  readonly message: string;
}

// prettier-ignore
const MISTAKES: readonly Mistake[] = [
  { instead: ["name: mine", "name: nodeport-cluster"], message: "my.yaml:2:7: name: nodeport-cluster is built in; give yours a name of its own, as my-nodeport-cluster" },
  { instead: ["name: mine", "name: auto"], message: "my.yaml:2:7: name: auto is built in; give yours a name of its own, as my-auto" },
  { instead: ["name: mine", "name: My Own"], message: "my.yaml:2:7: name: is not small letters, digits, dots and hyphens" },
  { instead: ["name: mine\n", ""], message: "my.yaml:1:1: name: is missing" },
  { instead: ["schema: pcapcheck.scenario/v1", "schema: pcapcheck.topology/v1"], message: "my.yaml:1:9: schema: pcapcheck.topology/v1 is not pcapcheck.scenario/v1" },
  { instead: ["schema: pcapcheck.scenario/v1\n", ""], message: "my.yaml:1:1: schema: is missing; write pcapcheck.scenario/v1" },
  { instead: ["target: path", "target: paths"], message: "my.yaml:3:9: target: paths is not one of path, hostPort, hostNetwork; did you mean path?" },
  { instead: ["  client: external", "  client: extern"], message: "my.yaml:6:11: rows.0.client: extern is not one of external, other-node, own-address, localhost, hairpin, pod-same-node, pod-other-node, pod, node, container, container-other-network; did you mean external?" },
  { instead: ["  policy: Cluster", "  polcy: Cluster"], message: "my.yaml:9:3: rows.0.polcy: no such key here; did you mean policy?" },
  { instead: ["  policy: Cluster", "  client: node"], message: "my.yaml:9:3: Map keys must be unique" },
  { instead: ["request: client > dialled", "request: client -> dialled"], message: "my.yaml:13:28: rows.0.points.0.request: client -> dialled is not two addresses of a row, as client > dialled" },
  { instead: ["request: client > dialled", "request: clinet > dialled"], message: "my.yaml:13:28: rows.0.points.0.request: clinet is not one of client, dialled, endpoint, bridge, transit, node, client-node; did you mean client?" },
  { instead: ["  source: client", "  source: bridge:*"], message: "my.yaml:14:25: rows.0.points.1.request: comes from client, and source says that the server sees bridge:*" },
  { instead: ["  source: client\n", ""], message: "my.yaml:10:12: rows.0.outcome: is answered, and source does not say whom the server sees" },
  { instead: ["outcome: answered", "outcome: dropped"], message: "my.yaml:11:11: rows.0.source: nobody sees it where it is dropped" },
  { instead: ["endpoint: same-node", "endpoint: none"], message: "my.yaml:8:13: rows.0.endpoint: none, and yet it is answered" },
  { instead: ["request: client > dialled, reply: dialled > client", "seen: must"], message: "my.yaml:13:5: rows.0.points.0: must be seen, and has neither request nor reply" },
  { instead: ["seen: must", "seen: never"], message: "my.yaml:14:25: rows.0.points.1.request: is never seen: take it away, or write seen: may" },
  { instead: ["reply: dialled > client", "reply: dialled > client, form: icmp"], message: "my.yaml:13:28: rows.0.points.0.request: an ICMP error is a reply" },
  { instead: ["seen: must }", "seen: must }\n  - { at: pod, seen: never }"], message: "my.yaml:15:5: rows.0.points.2: nothing is seen at pod, and points.1 says otherwise" },
];

test.each(MISTAKES)("$instead.1: told", ({ instead: [right, wrong], message }) => {
  expect(PATH).toContain(right);
  expect(messageOf(PATH.replace(right, wrong))).toBe(message);
});

// prettier-ignore
const HOST_PORT_MISTAKES: readonly Mistake[] = [
  { instead: ["source: kept", "source: bridge"], message: "my.yaml:9:26: rows.0.points.0.requests: source is bridge, and no request at the pod is" },
  { instead: ["[client > pod]", "[client > endpoint]"], message: "my.yaml:9:27: rows.0.points.0.requests.0: endpoint is not one of client, node, pod, bridge, localhost, other-node" },
  { instead: ["replies: [pod > client]", "seen: never"], message: "my.yaml:9:26: rows.0.points.0.requests: are never seen: take them away, or write seen: maybe" },
  { instead: ["requests: [client > pod], replies: [pod > client]", "seen: always"], message: "my.yaml:9:5: rows.0.points.0: always seen, and has neither requests nor replies" },
  { instead: ["points:\n", "points:\n  - { at: pod, seen: never }\n"], message: "my.yaml:10:11: rows.0.points.1.at: points.0 is of pod too" },
];

test.each(HOST_PORT_MISTAKES)(
  "hostPort, $instead.1: told",
  ({ instead: [right, wrong], message }) => {
    expect(HOST_PORT).toContain(right);
    expect(messageOf(HOST_PORT.replace(right, wrong))).toBe(message);
  },
);

const ROW = PATH.slice(PATH.indexOf("- name:"));

test("rows of one kind, and rows of one name", () => {
  expect(messageOf(PATH + ROW).split("\n")).toEqual([
    "my.yaml:15:9: rows.1.name: has the name of rows.0",
    "my.yaml:15:3: rows.1: never counts: rows.0 is of the same client, dialled, endpoint and policy",
  ]);
});

test("a row behind one that holds whatever the policy is", () => {
  const other = ROW.replace("a client to", "another client to").replace("Cluster", "Local");
  expect(messageOf(PATH + other)).toBe("none");
  expect(messageOf(PATH.replace("  policy: Cluster\n", "") + other)).toContain("never counts");
});

describe("files that are none", () => {
  test.each([
    { what: "empty", text: "", message: "is not a scenario" },
    { what: "a list", text: "- 1", message: "is not a scenario" },
    { what: "a number", text: "17", message: "is not a scenario" },
    { what: "a bracket left open", text: "rows: [", message: "my.yaml:1:" },
    { what: "two documents", text: `${PATH}---\n${PATH}`, message: "multiple documents" },
  ])("$what", ({ text, message }) => {
    expect(messageOf(text)).toContain(message);
  });

  test("aliases that grow without end", () => {
    const levels = Array.from({ length: 12 }, (_, at) =>
      at === 0
        ? "l0: &l0 [x, x]"
        : `l${at}: &l${at} [${Array(10)
            .fill(`*l${at - 1}`)
            .join(", ")}]`,
    );
    expect(messageOf(levels.join("\n"))).toMatch(/^my\.yaml: .*alias/i);
  });

  test("one that is too long", () => {
    expect(messageOf(`# ${"x".repeat(4_000_000)}`)).toBe(
      "my.yaml: longer than 4 MB: no scenario is",
    );
  });

  test("a hundred mistakes", () => {
    const rows = Array.from({ length: 100 }, () => "- {}").join("\n");
    const lines = messageOf(`${PATH.slice(0, PATH.indexOf("- name"))}${rows}`).split("\n");
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("my.yaml: and 480 more");
  });
});
