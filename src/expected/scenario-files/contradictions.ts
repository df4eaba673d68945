/** What a scenario file says that cannot all be true. */
import type { Fault, Path } from "#cluster/placed-text.js";
import { SCENARIOS } from "#expected/scenarios/index.js";
import type { HostPortScenarioFile, PathScenarioFile, ScenarioFile } from "./scenario-schema.js";

export function contradictionsIn(file: ScenarioFile): readonly Fault[] {
  return [
    ...takenName(file),
    ...repeated<{ name: string }>(file.rows, ({ name }) => name, {
      field: "name",
      message: (first) => `has the name of rows.${first}`,
    }),
    ...(file.target === "path" ? ofPaths(file) : ofHostPorts(file)),
  ];
}

function takenName({ name }: ScenarioFile): readonly Fault[] {
  const isTaken = name === "auto" || SCENARIOS.some((scenario) => scenario.name === name);
  const message = `${name} is built in; give yours a name of its own, as my-${name}`;
  return isTaken ? [{ path: ["name"], message }] : [];
}

function repeated<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { field, message }: { readonly field: string; readonly message: (first: number) => string },
): readonly Fault[] {
  const keys = items.map(keyOf);
  return keys.flatMap((key, at) => {
    const first = keys.indexOf(key);
    return first === at ? [] : [{ path: ["rows", at, field], message: message(first) }];
  });
}

function ofPaths({ rows }: PathScenarioFile): readonly Fault[] {
  return [
    ...unreachable(rows),
    ...rows.flatMap((row, at) => [
      ...ofOutcome(row, ["rows", at]),
      ...row.points.flatMap((point, index) => ofPoint(point, ["rows", at, "points", index])),
      ...silentAndSeen(row.points, ["rows", at, "points"]),
      ...ofSource(row, ["rows", at]),
    ]),
  ];
}

type PathRowFile = PathScenarioFile["rows"][number];
type PathPointFile = PathRowFile["points"][number];

/** Rows are tried in their order. */
function unreachable(rows: readonly PathRowFile[]): readonly Fault[] {
  return rows.flatMap((row, at) => {
    const first = rows.findIndex(
      (other) =>
        other.client === row.client &&
        other.dialled === row.dialled &&
        other.endpoint === row.endpoint &&
        (other.policy === undefined || other.policy === row.policy),
    );
    if (first === at) return [];
    const message = `never counts: rows.${first} is of the same client, dialled, endpoint and policy`;
    return [{ path: ["rows", at], message }];
  });
}

function ofOutcome({ outcome, source, endpoint }: PathRowFile, path: Path): readonly Fault[] {
  const isDelivered = outcome === "answered" || outcome === "unrecognised";
  if (isDelivered && source === undefined) {
    const message = `is ${outcome}, and source does not say whom the server sees`;
    return [{ path: [...path, "outcome"], message }];
  }
  if (!isDelivered && source !== undefined) {
    return [{ path: [...path, "source"], message: `nobody sees it where it is ${outcome}` }];
  }
  if (isDelivered && endpoint === "none") {
    return [{ path: [...path, "endpoint"], message: `none, and yet it is ${outcome}` }];
  }
  return [];
}

function ofPoint({ seen, request, reply, form }: PathPointFile, path: Path): readonly Fault[] {
  const isEmpty = request === undefined && reply === undefined;
  if (seen !== "never" && isEmpty) {
    return [{ path, message: `${seen} be seen, and has neither request nor reply` }];
  }
  if (seen === "never" && !isEmpty) {
    const key = request === undefined ? "reply" : "request";
    return [{ path: [...path, key], message: "is never seen: take it away, or write seen: may" }];
  }
  if (form !== "icmp") return [];
  if (request !== undefined) {
    return [{ path: [...path, "request"], message: "an ICMP error is a reply" }];
  }
  const message = "the kernel limits how often it sends ICMP errors: write seen: may";
  return seen === "must" ? [{ path: [...path, "seen"], message }] : [];
}

function silentAndSeen(points: readonly PathPointFile[], path: Path): readonly Fault[] {
  return points.flatMap((point, index) => {
    if (point.seen !== "never") return [];
    const other = points.findIndex((one) => one !== point && one.at === point.at);
    if (other < 0) return [];
    const message = `nothing is seen at ${point.at}, and points.${other} says otherwise`;
    return [{ path: [...path, index], message }];
  });
}

/** What the server's own capture shows must be what the server sees. */
function ofSource({ source, points }: PathRowFile, path: Path): readonly Fault[] {
  if (source === undefined) return [];
  return points.flatMap(({ at, seen, request }, index) => {
    const shown = request?.split(" > ")[0];
    const isServers = (at === "pod" || at === "server") && seen === "must";
    if (!isServers || shown === undefined || shown === source) return [];
    const message = `comes from ${shown}, and source says that the server sees ${source}`;
    return [{ path: [...path, "points", index, "request"], message }];
  });
}

function ofHostPorts({ rows }: HostPortScenarioFile): readonly Fault[] {
  return [
    ...repeated(rows, ({ client }) => client, {
      field: "client",
      message: (first) => `rows.${first} is of the same client`,
    }),
    ...rows.flatMap((row, at) => [
      ...repeatedPoints(row.points, ["rows", at, "points"]),
      ...row.points.flatMap((point, index) =>
        ofHostPortPoint(point, ["rows", at, "points", index]),
      ),
      ...ofHostPortSource(row, ["rows", at]),
    ]),
  ];
}

type HostPortRowFile = HostPortScenarioFile["rows"][number];
type HostPortPointFile = HostPortRowFile["points"][number];

function repeatedPoints(points: readonly HostPortPointFile[], path: Path): readonly Fault[] {
  return points.flatMap(({ at }, index) => {
    const first = points.findIndex((point) => point.at === at);
    if (first === index) return [];
    return [{ path: [...path, index, "at"], message: `points.${first} is of ${at} too` }];
  });
}

function ofHostPortPoint(
  { seen, requests, replies }: HostPortPointFile,
  path: Path,
): readonly Fault[] {
  const count = requests.length + replies.length;
  if (seen !== "never" && count === 0) {
    return [{ path, message: `${seen} seen, and has neither requests nor replies` }];
  }
  if (seen !== "never" || count === 0) return [];
  const key = requests.length === 0 ? "replies" : "requests";
  return [
    { path: [...path, key], message: "are never seen: take them away, or write seen: maybe" },
  ];
}

function ofHostPortSource({ source, points }: HostPortRowFile, path: Path): readonly Fault[] {
  return points.flatMap(({ at, requests }, index) => {
    if (at !== "pod" || requests.length === 0) return [];
    const isShown = requests.some(
      (tuple) => (source === "bridge") === tuple.startsWith("bridge >"),
    );
    if (isShown) return [];
    const message = `source is ${source}, and no request at the pod is`;
    return [{ path: [...path, "points", index, "requests"], message }];
  });
}
