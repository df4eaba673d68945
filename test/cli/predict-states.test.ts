/** The state of all nodes of a folder, as `predict --topology --state` reads it. */
import { expect, test } from "vitest";
import { readStates } from "../../src/cli/state-folder.js";

test.each([
  { folder: "captures/nodeport-cluster", family: "ipv4", nodes: ["node1", "node2"] },
  { folder: "captures/hostport-external", family: "ipv4", nodes: ["node1"] },
  { folder: "test/fixtures/service-of-three", family: "ipv6", nodes: ["worker"] },
  // Nothing of that family is no fault: a node may have rules of the other alone.
  { folder: "captures/hostport-external", family: "ipv6", nodes: [] },
] as const)("$folder has $family rules of $nodes", ({ folder, family, nodes }) => {
  const states = readStates({ folder, family });
  expect([...states.keys()]).toEqual(nodes);
  for (const [name, state] of states) {
    expect(state.name).toBe(name);
    expect(state.rules.file).toMatch(new RegExp(`^${folder}/${name}\\.`));
    expect(state.interfaces.length).toBeGreaterThan(1);
    expect(state.routes.length).toBeGreaterThan(1);
  }
});

test("a folder that is not there is said to be none", () => {
  expect(() => readStates({ folder: "missing", family: "ipv4" })).toThrow(
    "missing: no such file or directory",
  );
});
