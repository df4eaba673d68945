/** Both formats of `predict`, for every recorded topology, and with their own state. */
import { describe, expect, test } from "vitest";
import type { Topology } from "#cluster/topology.js";
import { followPaths } from "#expected/network/follow.js";
import { networkOf, type Network } from "#expected/network/network.js";
import type { Dial, Party } from "#expected/network/path.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { predictionJson } from "#report/prediction-json.js";
import { predictJourneys } from "#report/prediction-journeys.js";
import { predictionSchema } from "#report/prediction-schema.js";
import { predictionText } from "#report/prediction-text.js";
import type { Prediction } from "#report/prediction.js";
import { PLAIN } from "#report/style.js";
import { readStates } from "../../src/cli/state-folder.js";
import { CASES, topologyOf } from "../support/verify-recorded.js";

const WALKER = { follow: followPaths, sightings: predictedSightings };

describe.each(CASES)("%s", (recorded) => {
  const topology = topologyOf(recorded);
  const folder = `captures/${recorded}`;
  const networks = {
    "rules of the topology": networkOf(topology, { family: "ipv4" }),
    "its own rules": networkOf(topology, {
      family: "ipv4",
      states: readStates({ folder, family: "ipv4" }),
    }),
  };

  test.each(Object.entries(networks))("%s", (_name, network) => {
    const dials = dialsIn(network);
    expect(dials.length).toBeGreaterThan(2);
    for (const dial of dials) expectContract(predictJourneys(network, dial, WALKER));
  });
});

function expectContract(prediction: Prediction): void {
  const json = [...predictionJson(prediction)].join("");
  const document: unknown = JSON.parse(json);
  const parsed = predictionSchema.parse(document);
  // Every key of it documented: what the schema does not know it would have taken away.
  expect(parsed).toEqual(document);
  for (const { paths } of parsed.journeys) {
    const sum = paths.reduce((total, { probability }) => total + probability, 0);
    expect(sum).toBeCloseTo(1, 6);
    const onward = paths.flatMap((path) => path.onward?.journeys ?? []);
    expect(onward.filter((at) => parsed.journeys[at] === undefined)).toEqual([]);
  }
  for (const width of [undefined, 40, 80, 200]) {
    const text = [...predictionText(prediction, { width, style: PLAIN })].join("");
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  }
}

/** Each party to each address that anything serves. */
function dialsIn({ topology }: Network): readonly Dial[] {
  const [client] = topology.clients.flatMap(({ addresses }) => addresses);
  const outside: Party[] = client ? [{ kind: "outside", address: client.address }] : [];
  const pods = topology.pods.filter(({ gone, hostNetwork }) => !gone && !hostNetwork);
  const dialled = addressesDialled(topology);
  return [
    ...outside.flatMap((from) => dialled.map((to) => dial(from, to))),
    ...pods.slice(0, 2).flatMap(({ name }) => dialled.map((to) => dial({ kind: "pod", name }, to))),
  ];

  function dial(from: Party, destination: Dial["tuple"]["destination"]): Dial {
    const pod = pods.find(({ name }) => from.kind === "pod" && name === from.name);
    const address = from.kind === "outside" ? from.address : (pod?.address ?? "");
    const via = topology.nodes[0]?.name;
    return {
      from,
      tuple: { protocol: "tcp", source: { address, port: "any" }, destination },
      ...(from.kind === "outside" && via !== undefined && { via }),
    };
  }
}

function addressesDialled({ nodes, pods, services }: Topology) {
  const [node = ""] = nodes.flatMap(({ addresses }) => addresses);
  return [
    { address: node, port: 9000 },
    ...pods.map(({ address }) => ({ address, port: 8080 })),
    ...services.flatMap(({ clusterIPs, ports }) =>
      ports.flatMap(({ port, nodePort }) => [
        ...clusterIPs.map((address) => ({ address, port })),
        ...(nodePort === undefined ? [] : [{ address: node, port: nodePort }]),
      ]),
    ),
  ];
}
