/** A process that took what rules should have translated: a failure's cause beside the rule that is missing. */
import type { Attribution, ProxyCause } from "./attribution.js";
import type { CarriedOn } from "./carried-on.js";
import type { ConnectionReport } from "./report.js";

/** What fails, was not translated, and went on all the same as another connection. */
export function withProxyCauses(
  reports: readonly ConnectionReport[],
  relations: readonly CarriedOn[],
): readonly ConnectionReport[] {
  const byFirst = new Map(relations.map((relation) => [relation.connection, relation]));
  return reports.map((report) => {
    const relation = byFirst.get(report.id);
    const place = report.attributions.map(untranslatedAt).find((at) => at !== undefined);
    if (report.verdict !== "fail" || relation === undefined || place === undefined) return report;
    const cause = causeOf(report, { relation, at: place });
    return { ...report, attributions: [cause, ...report.attributions] };
  });
}

/** The node that should have translated and did not; a connection with a proxy's rows is none of these. */
function untranslatedAt(cause: Attribution): string | undefined {
  if (cause.kind === "missing rule") return cause.table === "nat" ? cause.at : undefined;
  if (cause.kind !== "path") return undefined;
  const isUntranslated =
    cause.there === "the node's own answer" || cause.there === "destination not translated";
  return isUntranslated ? nodeOf(cause.first ?? cause.last) : undefined;
}

/** `dock.eth0`, `dock/eth0`. */
function nodeOf(point: string | undefined): string | undefined {
  return point === undefined ? undefined : /^[^./]+/.exec(point)?.[0];
}

function causeOf(
  { scenario }: ConnectionReport,
  { relation, at }: { readonly relation: CarriedOn; readonly at: string },
): ProxyCause {
  return {
    kind: "proxy",
    at,
    // The rules of a port that Docker publishes stand in front of this one.
    program: scenario === "docker-published" ? "docker-proxy" : "a process",
    carriedOn: relation.by,
    why: relation.evidence.join(", "),
  };
}
