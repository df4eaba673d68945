/** Every row is what the model of the datapath does, and every way that can be dialled has its row. */
import { afterAll, describe, expect, test } from "vitest";
import { castOf, pointText } from "#expected/scenarios/cast.js";
import { declaredSilent, outcomeOf } from "#expected/scenarios/declared.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { PathRow } from "#expected/scenarios/path-row.js";
import { predictedSightings } from "#expected/taps/predicted-sightings.js";
import { CLUSTERS } from "./clusters.js";
import { declared, predicted, sourceText } from "./concrete.js";
import { describeWay, followAll, type Followed } from "./follow-all.js";
import { hostPortFaults } from "./host-port-rows.js";
import { NOT_GENERATED, unmetRule } from "./met-rules.js";

interface Exception {
  readonly because: string;
  readonly holds: (followed: Followed) => boolean;
}

/** Ways that no row describes. */
const WITHOUT_ROW: readonly Exception[] = [
  {
    because:
      "filter OUTPUT does not ask KUBE-EXTERNAL-SERVICES: what a node's own process sends to an " +
      "external or balancer's address without endpoints leaves by the default route",
    holds: ({ situation: { client, policy, endpoint } }) =>
      client === "node" && policy === "no-endpoints" && endpoint === "outside",
  },
  {
    because: "there is no route_localnet for IPv6: ::1 leads to no NodePort and no hostPort",
    holds: ({ network, situation: { client, dialled } }) =>
      network.family === "ipv6" &&
      client === "localhost" &&
      (dialled === "node-port" || dialled === "hostPort"),
  },
];

/** What row and model disagree about. */
function rowFaults(followed: Followed, row: PathRow): readonly string[] {
  const { network, path, situation } = followed;
  const cast = castOf(network, path, situation);
  const sightings = predictedSightings(network, path);
  const [rows, model] = [declared(row, cast), predicted(sightings)];
  const silent = new Set(declaredSilent(row, cast));
  const outcome = outcomeOf(path);
  const source = path.end.kind === "delivered" ? path.end.tuple.source : undefined;
  const unmet = unmetRule(followed, row);
  const seenSource = source && `${source.address}:${source.port}`;
  const rowSource = sourceText(cast, row.source);
  return [
    ...[...rows].filter((line) => !model.has(line)).map((line) => `declared only: ${line}`),
    ...[...model].filter((line) => !rows.has(line)).map((line) => `model only: ${line}`),
    ...sightings
      .map(({ point }) => pointText(point))
      .filter((where) => silent.has(where))
      .map((where) => `declared silent: ${where}`),
    ...(unmet === undefined ? [] : [`rule not met: ${unmet}`]),
    ...(outcome === row.outcome ? [] : [`outcome: declared ${row.outcome}, model ${outcome}`]),
    ...(seenSource === rowSource ? [] : [`source: declared ${rowSource}, model ${seenSource}`]),
  ];
}

function faultsOf(followed: Followed): readonly string[] {
  const { row, scenario } = followed;
  const isExcepted = WITHOUT_ROW.some(({ holds }) => holds(followed));
  if (isExcepted) return row ? [`has a row, though ${row.name} is excepted`] : [];
  if (scenario !== undefined && scenario.target !== "path")
    return hostPortFaults(followed, scenario);
  if (row) return rowFaults(followed, row);
  return [`no row (scenario ${scenario?.name ?? "unknown"})`];
}

const ALL = CLUSTERS.map((cluster) => ({ name: cluster.name, ways: followAll(cluster) }));

test.each(ALL)("$name: rows and model agree, and no way is without its row", ({ ways }) => {
  const faults = ways.flatMap((way) => {
    const found = faultsOf(way);
    const name = way.row?.name ?? way.scenario?.name;
    return found.length === 0 ? [] : [`${name}: ${describeWay(way)}\n    ${found.join("\n    ")}`];
  });
  expect(faults.join("\n")).toBe("");
});

const PATH_SCENARIOS = SCENARIOS.filter((scenario) => scenario.target === "path");

describe.each(PATH_SCENARIOS)("$name", ({ paths }) => {
  const reached = new Set(ALL.flatMap(({ ways }) => ways.map(({ row }) => row)));

  test("some dial reaches every row", () => {
    expect(paths.filter((row) => !reached.has(row)).map(({ name }) => name)).toEqual([]);
  });

  test("no row hides behind another", () => {
    const keys = paths.map(({ client, dialled, endpoint, policy }) =>
      [client, dialled, endpoint, policy].join(" "),
    );
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });
});

test("every exception is met", () => {
  const ways = ALL.flatMap((cluster) => cluster.ways);
  const idle = WITHOUT_ROW.filter(({ holds }) => !ways.some(holds));
  expect(idle.map(({ because }) => because)).toEqual([]);
});

afterAll(() => {
  const ways = ALL.flatMap((cluster) => cluster.ways);
  const rows = new Set(ways.flatMap(({ row }) => row ?? []));
  process.stdout.write(`${ways.length} ways held against ${rows.size} rows\n`);
  for (const { because, holds } of WITHOUT_ROW) {
    process.stdout.write(`${ways.filter(holds).length} ways without a row: ${because}\n`);
  }
  for (const [chain, because] of NOT_GENERATED) {
    process.stdout.write(`rules of ${chain} in rows are not held against the model: ${because}\n`);
  }
});
