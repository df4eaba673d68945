import type { ConnectionReport, Report } from "#verify/report.js";
import type { FailureGroup } from "../failure-groups.js";

/** The connection that a failure's journey is told by. */
export interface FailureExample {
  readonly connection: ConnectionReport;
  /** True where an earlier failure shows the same one. */
  readonly isShown: boolean;
}

/**
 * Of each failure, in their order; undefined for one of no connection. What several failures are told of is
 * shown once, and a connection whose stops are known rather than another.
 */
export function failureExamples(
  { connections }: Report,
  groups: readonly FailureGroup[],
): readonly (FailureExample | undefined)[] {
  const byId = new Map(connections.map((report) => [report.id, report]));
  const shown = new Set<ConnectionReport>();
  return groups.map(({ ids }) => {
    const members = ids.flatMap((id) => byId.get(id) ?? []);
    const known = members.find((member) => shown.has(member));
    if (known) return { connection: known, isShown: true };
    const connection = members.find(({ stops }) => stops !== undefined) ?? members[0];
    if (!connection) return undefined;
    shown.add(connection);
    return { connection, isShown: false };
  });
}
