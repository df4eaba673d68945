import { expect, test } from "vitest";
import { CURRENT_PORTMAP, portmapBehaviour } from "#expected/rulesets/portmap.js";

// containernetworking/plugins plugins/meta/portmap, measured with each version's own binary:
// which clients of a hostPort the pod sees under the bridge's address.
// prettier-ignore
test.each([
  { version: "0.6.0",  hairpin: false, sameNodePods: false },
  { version: "0.7.0",  hairpin: true,  sameNodePods: false },
  { version: "0.7.4",  hairpin: true,  sameNodePods: false },
  { version: "0.7.5",  hairpin: true,  sameNodePods: false },
  { version: "0.8.0",  hairpin: true,  sameNodePods: false },
  { version: "0.8.5",  hairpin: true,  sameNodePods: false },
  { version: "0.8.6",  hairpin: true,  sameNodePods: true },
  { version: "0.8.7",  hairpin: true,  sameNodePods: true },
  { version: "0.9.0",  hairpin: true,  sameNodePods: true },
  { version: "0.10.0", hairpin: true,  sameNodePods: true },
  { version: "1.1.1",  hairpin: true,  sameNodePods: true },
  { version: "1.9.0",  hairpin: true,  sameNodePods: true },
  { version: "2.0.0",  hairpin: true,  sameNodePods: true },
  { version: "v0.8.5", hairpin: true,  sameNodePods: false },
  { version: "0.8.6-rc1", hairpin: true, sameNodePods: true },
])("portmap $version: hairpin $hairpin, pods of the node $sameNodePods", ({ version, ...does }) => {
  expect(portmapBehaviour(version)).toMatchObject({ version, ...does });
  expect(portmapBehaviour(version)?.source).toContain(version);
});

test.each(["", "latest", "0.5.9", "0.0.0", "1", "1.1", "x1.1.1"])(
  "%j is no version we know",
  (version) => {
    expect(portmapBehaviour(version)).toBeUndefined();
  },
);

test("the current version is one of them", () => {
  expect(portmapBehaviour(CURRENT_PORTMAP)).toMatchObject({ hairpin: true, sameNodePods: true });
});
