import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findScenario, SCENARIOS } from "#expected/scenarios/index.js";
import { readEnd, type PathPoint } from "#expected/scenarios/path-row.js";
import type { ClientClass, HostPortScenario, Row } from "#expected/scenarios/scenario.js";
import { portmapOf } from "../support/verify-recorded.js";

const FOLDER = new URL("../../src/expected/scenarios/", import.meta.url);

const HOST_PORT_SCENARIOS = SCENARIOS.filter((scenario) => scenario.target !== "path");
const PATH_SCENARIOS = SCENARIOS.filter((scenario) => scenario.target === "path");

/** One version of each behaviour. */
const VERSIONS = ["0.6.0", "0.8.5", "1.1.1"] as const;

const allRows = (scenario: HostPortScenario): readonly (Row & { readonly version: string })[] =>
  VERSIONS.flatMap((version) =>
    scenario.rows(portmapOf(version)).map((row) => ({ ...row, version })),
  );

const hostPortScenario = (name: string): HostPortScenario | undefined =>
  HOST_PORT_SCENARIOS.find((scenario) => scenario.name === name);

const twice = (values: readonly string[]): readonly string[] =>
  values.filter((value, at) => values.indexOf(value) !== at);

describe("the list of scenarios", () => {
  test("holds every file of the folder, under its own name", () => {
    const files = readdirSync(FOLDER).filter((file) =>
      readFileSync(new URL(file, FOLDER), "utf8").includes("export default defineScenario("),
    );
    const named = files.map((file) => {
      const name = /name: "([^"]+)"/.exec(readFileSync(new URL(file, FOLDER), "utf8"))?.[1];
      return `${name}.ts`;
    });
    expect(named).toEqual(files);
    expect(SCENARIOS.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
  });

  test("has no name, title or question twice", () => {
    for (const key of ["name", "title", "question"] as const) {
      expect(twice(SCENARIOS.map((scenario) => scenario[key]))).toEqual([]);
    }
  });

  test("no client class of a hostPort is left out, and none belongs to two scenarios", () => {
    const hostPorts = HOST_PORT_SCENARIOS.filter(({ target }) => target === "hostPort");
    const classes = hostPorts.flatMap((scenario) =>
      scenario.rows(portmapOf("1.1.1")).map(({ client }) => client),
    );
    expect(classes.toSorted()).toEqual(Object.keys(POD_SEES).toSorted());
  });

  test("a name that is none finds nothing", () => {
    expect(findScenario("hostport")).toBeUndefined();
  });
});

test.each(SCENARIOS)("$name asks one question and explains itself", (scenario) => {
  expect(scenario.question).toMatch(/\?$/);
  expect(scenario.explanation).toMatch(/\.$/);
});

describe.each(PATH_SCENARIOS)("$name", ({ paths }) => {
  test("every row cites where its expectation comes from", () => {
    const source =
      /^(containernetworking\/plugins|flannel|istio|kubernetes|Kubernetes API|linux|moby) ?/;
    expect(paths.filter(({ reference }) => !source.test(reference))).toEqual([]);
  });

  test("rows are distinct, and each has a reason", () => {
    expect(twice(paths.map(({ name }) => name))).toEqual([]);
    expect(paths.filter(({ why }) => why === "" || why.endsWith("."))).toEqual([]);
  });

  test("nobody sees a source where nothing arrives", () => {
    const wrong = paths.filter(
      ({ outcome, source }) =>
        (outcome === "dropped" || outcome === "rejected") !== (source === undefined),
    );
    expect(wrong).toEqual([]);
  });

  test("a drawn port has a rule that draws it", () => {
    const drawn = paths.filter(
      ({ source, dialled }) =>
        source !== undefined && readEnd(source).port === "random" && dialled !== "loopback",
    );
    expect(drawn.filter(({ rules }) => !rules.some((rule) => rule.includes("MASQ")))).toEqual([]);
  });

  test("what is not certain, or shows nothing, has its reason", () => {
    const points: readonly PathPoint[] = paths.flatMap((row) => row.points);
    expect(points.filter(({ seen, why }) => seen !== "must" && why === undefined)).toEqual([]);
    const empty = points.filter(
      ({ request, reply }) => request === undefined && reply === undefined,
    );
    expect(empty.filter(({ seen }) => seen !== "never")).toEqual([]);
  });
});

describe.each(HOST_PORT_SCENARIOS)("$name", (scenario) => {
  const rows = allRows(scenario);

  test("every row cites where its expectation comes from", () => {
    const source =
      /containernetworking\/plugins|flannel|Kubernetes API reference|linux|docs\/lab-notes/;
    expect(rows.filter(({ reference }) => !source.test(reference))).toEqual([]);
  });

  test("rows are distinct", () => {
    const names = rows.map(({ version, name }) => `${version}: ${name}`);
    expect(twice(names)).toEqual([]);
  });

  test("every row says what the pod, its veth, bridge, uplink, lo and overlay show, each once", () => {
    for (const { points } of rows) {
      const at = points.map((point) => point.at);
      expect(twice(at)).toEqual([]);
      expect(at).toEqual(
        expect.arrayContaining(["pod", "veth", "bridge", "uplink", "loopback", "overlay"]),
      );
    }
  });

  test("a point shows requests and replies, or nothing; what is not certain has its reason", () => {
    for (const { points } of rows) {
      const wrong = points.filter(({ seen, requests, replies, why }) => {
        const shows = requests.length > 0 && replies.length > 0;
        return shows !== (seen !== "never") || (seen !== "always" && !why);
      });
      expect(wrong).toEqual([]);
    }
  });

  test("a row names rules of its path, unless nothing is translated", () => {
    const isTranslated = scenario.target === "hostPort";
    expect(rows.filter(({ rules }) => rules.length > 0 !== isTranslated)).toEqual([]);
  });
});

/**
 * Facts, measured with portmap's own binaries on a real kernel (bridge CNI, br_netfilter=1): the
 * source address that the pod sees, its port kept. 0.6.0 does not make a hairpin work at all.
 */
// prettier-ignore
const POD_SEES = {
  "external":       { "0.6.0": "kept",   "0.8.5": "kept",   "1.1.1": "kept" },
  "other-node":     { "0.6.0": "kept",   "0.8.5": "kept",   "1.1.1": "kept" },
  "own-address":    { "0.6.0": "kept",   "0.8.5": "kept",   "1.1.1": "kept" },
  "localhost":      { "0.6.0": "bridge", "0.8.5": "bridge", "1.1.1": "bridge" },
  "hairpin":        { "0.6.0": "kept",   "0.8.5": "bridge", "1.1.1": "bridge" },
  "pod-same-node":  { "0.6.0": "kept",   "0.8.5": "kept",   "1.1.1": "bridge" },
  "pod-other-node": { "0.6.0": "kept",   "0.8.5": "kept",   "1.1.1": "kept" },
} as const satisfies Record<ClientClass, Record<(typeof VERSIONS)[number], Row["source"]>>;

/** What arrives at the pod's eth0: the source as the row's `points` must write it. */
const SOURCE_AT_POD: Record<Row["source"], Partial<Record<ClientClass, string>> & { all: string }> =
  {
    // A pod of another node leaves it under that node's address, port random (flannel).
    kept: { all: "client > pod", "pod-other-node": "other-node > pod" },
    bridge: { all: "bridge > pod" },
  };

describe("what the pod sees", () => {
  const rows = HOST_PORT_SCENARIOS.filter(({ target }) => target === "hostPort").flatMap(allRows);

  test.each(rows)("portmap $version, $name: source $source", (row) => {
    const version = VERSIONS.find((known) => known === row.version) ?? "1.1.1";
    expect(row.source).toBe(POD_SEES[row.client][version]);
    expect(row.works).toBe(!(row.client === "hairpin" && version === "0.6.0"));
    const at = (point: "pod" | "veth") => row.points.find((candidate) => candidate.at === point);
    const shown = SOURCE_AT_POD[row.source][row.client] ?? SOURCE_AT_POD[row.source].all;
    expect(at("pod")?.requests).toContain(shown);
    // The veth shows the wire, as the pod does.
    expect(at("veth")?.requests).toEqual(at("pod")?.requests);
    expect(at("veth")?.replies).toEqual(at("pod")?.replies);
  });

  // docs/lab-notes: nat OUTPUT translates before a device is reached, so lo shows nothing of it.
  test.each(rows)(
    "portmap $version, $name: nothing on lo, nothing on the overlay",
    ({ points }) => {
      for (const at of ["loopback", "overlay"] as const) {
        expect(points.find((point) => point.at === at)?.seen).toBe("never");
      }
    },
  );

  test.each(rows)("portmap $version, $name: the uplink sees who comes from outside", (row) => {
    const fromOutside = ["external", "other-node", "pod-other-node"].includes(row.client);
    expect(row.points.find(({ at }) => at === "uplink")?.seen).toBe(
      fromOutside ? "always" : "never",
    );
  });

  test("the bridge shows the reply of a localhost client half translated", () => {
    const [row] = hostPortScenario("hostport-localhost")?.rows(portmapOf("1.1.1")) ?? [];
    const bridge = row?.points.find(({ at }) => at === "bridge");
    expect(bridge?.requests).toEqual(["bridge > pod"]);
    expect(bridge?.replies).toContain("pod > localhost");
  });

  test("nobody translates anything for a hostNetwork pod", () => {
    const [row] = hostPortScenario("hostnetwork-external")?.rows(portmapOf("1.1.1")) ?? [];
    expect(row?.source).toBe("kept");
    expect(row?.points.find(({ at }) => at === "uplink")?.requests).toEqual(["client > node"]);
    expect(row?.points.find(({ at }) => at === "pod")?.seen).toBe("never");
  });
});
