/** What the capture filter of a plan lets through. */
import type { CaptureFilter, FilterEnd } from "./plan.js";
import type { PlannedPath } from "./planned-paths.js";

/**
 * Destinations of requests alone: a source port may be drawn anew, and a source be masqueraded. What a
 * reply comes from is one of them wherever it is seen.
 */
export function filterOf(paths: readonly PlannedPath[]): CaptureFilter {
  const ends = paths.flatMap(({ path, sightings, situation }): readonly FilterEnd[] => {
    const isPortless = situation.dialled === "outside";
    const tuples = [
      path.dial.tuple,
      ...sightings.filter(({ direction }) => direction === "request").map(({ tuple }) => tuple),
    ];
    return tuples.flatMap(({ protocol, destination: { address, port } }) =>
      protocol === "tcp" || protocol === "udp" || protocol === "sctp"
        ? [{ protocol, address, port: isPortless || port === "any" ? undefined : port }]
        : [],
    );
  });
  const distinct = [...new Map(ends.map((end) => [JSON.stringify(end), end])).values()];
  const isV6 = distinct.map(({ address }) => address.includes(":"));
  const family = isV6.every(Boolean) ? "ipv6" : isV6.some(Boolean) ? "both" : "ipv4";
  return { ends: distinct, family };
}
