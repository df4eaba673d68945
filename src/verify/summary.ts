/** What is true of a run as a whole, in sentences. */
import { AUTO } from "./auto.js";
import { counted } from "#net/counted.js";
import type { GivenFacts } from "#cluster/facts.js";
import type { Journey } from "#observed/correlate/journey.js";
import { rivalPods } from "./infer.js";
import { isDirectionUnknown } from "./orient.js";
import type { Point } from "./point.js";
import type { ConnectionReport } from "./report.js";
import { isTunnelTransport } from "./tunnel-transport.js";

interface Summary {
  readonly scenario: { readonly name: string };
  readonly reports: readonly ConnectionReport[];
  readonly journeys: readonly Journey[];
  readonly points: readonly Point[];
  readonly given: GivenFacts;
  readonly observed: Parameters<typeof rivalPods>[0];
}

export function summaryNotes(summary: Summary): readonly string[] {
  const { scenario, reports, journeys, points } = summary;
  const notes: string[] = [];
  const judged = reports.filter(({ verdict }) => verdict !== "not applicable");
  if (judged.length === 0) {
    const captures = points.length === 1 ? "the capture" : `${points.length} capture points`;
    const whose = scenario.name === AUTO.name ? "that a scenario is about" : `of ${scenario.name}`;
    notes.push(
      `no connection ${whose} in ${captures}: nothing was checked; \`pcapcheck flows\` lists what is there`,
    );
  }
  const rivals = knowsPod(summary) ? [] : rivalPods(summary.observed);
  if (rivals.length > 0) {
    notes.push(`${rivals.join(" and ")} are pods that are both dialled: --pod names the one`);
  }
  const reported = new Set(reports.map(({ id }) => id));
  const rest = journeys.filter((journey) => !reported.has(journey.id) && !isTunnel(journey));
  const undirected = knowsPort(summary) ? [] : rest.filter(mayBeAnswers);
  if (undirected.length > 0) {
    notes.push(
      `${counted(undirected.length, "connection")} without a handshake in the captures: which end serves ` +
        "is not known; --host-port HOSTPORT:PORT would tell",
    );
  }
  const others = rest.length - undirected.length;
  if (others > 0 && rivals.length === 0) {
    notes.push(
      `${counted(others, "connection")} that ${others === 1 ? "has" : "have"} nothing to do with it`,
    );
  }
  for (const { name, notPod } of points) {
    if (notPod !== undefined) notes.push(`${name} is not taken for a capture in a pod: ${notPod}`);
  }
  const silent = points.filter(({ records }) => records === 0).map(({ name }) => name);
  if (silent.length > 0) {
    const each = silent.length === 1 ? "it" : "they";
    notes.push(
      `${silent.join(", ")} recorded no packets, which proves nothing: ${each} may not have run`,
    );
  }
  return notes;
}

/** The packets around the pods' own, which are told with what they carry. */
function isTunnel({ protocol, connections }: Journey): boolean {
  return connections.every(({ responder, originator }) =>
    [responder, originator].some(({ port }) => isTunnelTransport(protocol, port)),
  );
}

function knowsPod({ given }: Summary): boolean {
  return given.topology !== undefined || given.pod !== undefined;
}

function knowsPort({ given }: Summary): boolean {
  return (
    given.topology !== undefined ||
    given.containerPort !== undefined ||
    given.hostPort !== undefined
  );
}

function mayBeAnswers(journey: Journey): boolean {
  const isTransport = journey.protocol === "tcp" || journey.protocol === "udp";
  return isTransport && isDirectionUnknown(journey);
}
