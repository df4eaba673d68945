/** `pcapcheck.prediction/v1`: a prediction for programs. docs/schema/ has its JSON Schema. */
import type { Hop, Party } from "#expected/network/path.js";
import type { PredictedSighting } from "#expected/taps/predicted-sighting.js";
import type { PredictionDocument } from "./prediction-schema.js";
import type { PredictedPath, Prediction } from "./prediction.js";
import { sanitizeJson } from "./sanitize.js";
import { ruleDocument, traceDocument, tupleDocument } from "./trace-json.js";

export function* predictionJson(prediction: Prediction): Iterable<string> {
  yield `${sanitizeJson(JSON.stringify(predictionDocument(prediction), undefined, 2))}\n`;
}

function predictionDocument(prediction: Prediction): PredictionDocument {
  return {
    schema: "pcapcheck.prediction/v1",
    scope: prediction.scope,
    journeys: prediction.journeys.map(({ from, tuple, dialledBy, paths }) => ({
      from: from ? partyDocument(from) : null,
      tuple: tupleDocument(tuple),
      dialledBy: dialledBy ?? null,
      paths: paths.map(pathDocument),
    })),
    assumptions: [...prediction.assumptions],
  };
}

type PathDocument = PredictionDocument["journeys"][number]["paths"][number];

function pathDocument(path: PredictedPath): PathDocument {
  const { probability, request, end, reply, sightings, onward, assumptions } = path;
  return {
    probability,
    request: request.map(hopDocument),
    end: endDocument(end),
    reply: reply
      ? {
          hops: reply.hops.map(hopDocument),
          arrives: reply.arrives ? tupleDocument(reply.arrives) : null,
          isRecognised: reply.isRecognised,
        }
      : null,
    sightings: sightings.map(sightingDocument),
    onward: onward ? { ...onward, journeys: [...onward.journeys] } : null,
    assumptions: [...assumptions],
  };
}

function hopDocument({ namespace, arrival, ttlLowered, outer, trace }: Hop) {
  return {
    namespace: { kind: namespace.kind, name: namespace.name },
    arrival: arrival.from === "interface" ? arrival.name : null,
    ttlLowered,
    outer: outer ? tupleDocument(outer) : null,
    trace: traceDocument(trace),
  };
}

function partyDocument(party: Party) {
  return party.kind === "outside"
    ? { kind: party.kind, address: party.address }
    : { kind: party.kind, name: party.name };
}

function endDocument(end: PredictedPath["end"]): PathDocument["end"] {
  switch (end.kind) {
    case "delivered":
      return { kind: end.kind, to: partyDocument(end.to), tuple: tupleDocument(end.tuple) };
    case "left":
      return { kind: end.kind, interface: end.by ?? null, tuple: tupleDocument(end.tuple) };
    case "dropped":
    case "rejected":
    case "unknown": {
      const { kind, namespace, rule, reason } = end;
      return {
        kind,
        namespace: { kind: namespace.kind, name: namespace.name },
        rule: rule ? ruleDocument(rule) : null,
        reason: reason ?? null,
      };
    }
  }
}

function sightingDocument(sighting: PredictedSighting): PathDocument["sightings"][number] {
  const { point, direction, tuple, outer, ttlLowered, seen, why } = sighting;
  const { namespace, interface: port, kind, pod } = point;
  const name = namespace.kind === "outside" ? null : namespace.name;
  return {
    point: {
      namespace: { kind: namespace.kind, name },
      interface: port ?? null,
      kind,
      pod: pod ?? null,
    },
    direction,
    tuple: tupleDocument(tuple),
    outer: outer ? tupleDocument(outer) : null,
    ttlLowered,
    seen,
    why: why ?? null,
  };
}
