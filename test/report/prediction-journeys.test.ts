/** What proxies dial is followed, each connection once and not without end; names are not trusted. */
import { expect, test } from "vitest";
import { readTopology } from "#cluster/topology-file.js";
import { networkOf } from "#expected/network/network.js";
import type { Dial, Path } from "#expected/network/path.js";
import { predictionJson } from "#report/prediction-json.js";
import { predictJourneys } from "#report/prediction-journeys.js";
import { predictionText } from "#report/prediction-text.js";
import { PLAIN } from "#report/style.js";

const text = `{
  "schema": "pcapcheck.topology/v1",
  "nodes": [{ "name": "node1", "addresses": ["192.0.2.10"] }]
}`;
const NETWORK = networkOf(readTopology({ file: "topology.json", text }), { family: "ipv4" });

function dialTo(port: number): Dial {
  return {
    from: { kind: "outside", address: "198.51.100.79" },
    tuple: {
      protocol: "tcp",
      source: { address: "198.51.100.79", port: "any" },
      destination: { address: "192.0.2.10", port },
    },
  };
}

/** Every connection ends at a proxy that dials these ports. */
function proxied(dial: Dial, ports: readonly number[]): Path {
  const proxy = { program: "ingress", dials: ports.map(dialTo) } as const;
  return {
    dial,
    probability: 1,
    request: [],
    end: { kind: "delivered", to: dial.from, tuple: dial.tuple, proxy },
    reply: undefined,
    assumptions: [],
  };
}

const range = (first: number, length: number): number[] =>
  Array.from({ length }, (_, at) => first + at);

test.each([
  { name: "two that dial each other", dials: [81, 80], journeys: 3, unfollowed: 0 },
  { name: "itself", dials: [81], journeys: 2, unfollowed: 0 },
  { name: "a thousand endpoints", dials: range(1000, 1000), journeys: 16, unfollowed: 985 },
])("a proxy of $name", ({ dials, journeys: count, unfollowed }) => {
  const { journeys } = predictJourneys(NETWORK, dialTo(80), {
    follow: (_network, dial) => [proxied(dial, dials)],
    sightings: () => [],
  });
  expect(journeys).toHaveLength(count);
  const onward = journeys.map(({ paths: [path] }) => path?.onward);
  expect(onward.every((next) => next?.unfollowed === unfollowed)).toBe(true);
});

const HOSTILE = "a\u009b2J\u202e\u001b[31m";

test("names cannot move a terminal's cursor", () => {
  const prediction = predictJourneys(
    NETWORK,
    { ...dialTo(80), from: { kind: "pod", name: HOSTILE } },
    {
      follow: (_network, dial) => [
        {
          dial,
          probability: 1,
          request: [],
          end: {
            kind: "dropped",
            namespace: { kind: "pod", name: HOSTILE },
            rule: undefined,
            reason: HOSTILE,
          },
          reply: undefined,
          assumptions: [HOSTILE],
        },
      ],
      sightings: (_network, { dial }) => [
        {
          point: {
            namespace: { kind: "pod", name: HOSTILE },
            interface: HOSTILE,
            kind: "veth",
            pod: HOSTILE,
          },
          direction: "request",
          tuple: dial.tuple,
          outer: undefined,
          ttlLowered: 0,
          seen: "may",
          why: HOSTILE,
        },
      ],
    },
  );
  const written = [
    ...predictionText(prediction, { width: undefined, style: PLAIN }),
    ...predictionJson(prediction),
  ].join("");
  expect(written).toContain("\\x1b[31m");
  expect(written.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
