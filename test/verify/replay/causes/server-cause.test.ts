/** A reset proves that the server refused only where the request was not led elsewhere, and silence only that it came. */
import { expect, test } from "vitest";
import { run } from "../../../support/verify-run.js";
import type { Seen } from "../../../support/verify-connection.js";
import { NOTHING_GIVEN, topologyOf } from "../../../support/verify-recorded.js";

const REFUSED = { isn: [1000, undefined], packets: [1, 1], syns: [1, 0], resets: [0, 1] } as const;
const DIALLED: Seen = {
  ...REFUSED,
  at: "pod-p1b.eth0",
  tuple: "10.233.1.3:41001 > 10.96.0.20:80",
  ttl: [64, 62],
};

/** The ClusterIP of p2a:8080, refused; what flannel.1 shows it led to. */
const ledTo = (endpoint: string): readonly Seen[] => [
  DIALLED,
  {
    ...REFUSED,
    at: "node1.flannel.1",
    tuple: `10.233.1.3:41001 > ${endpoint}`,
    ttl: [63, 63],
    ms: 1,
  },
];

test.each([
  { endpoint: "10.233.2.2:8080", causes: ["server refuses"] },
  { endpoint: "10.233.2.2:8081", causes: ["path another destination"] },
])("refused at $endpoint: $causes", ({ endpoint, causes }) => {
  const given = { ...NOTHING_GIVEN, topology: topologyOf("clusterip-pod") };
  const { connections } = run({ scenario: "clusterip", seen: ledTo(endpoint), given });
  const found = connections.flatMap(({ attributions }) => attributions);
  expect(
    found.map((cause) => {
      if (cause.kind === "server") return `server ${cause.does}`;
      return cause.kind === "path" ? `path ${cause.there}` : cause.kind;
    }),
  ).toEqual(causes);
});
