import { comparePath, distance, explainsAll } from "#verify/replay/compare.js";
import type { FollowedPaths } from "#verify/replay/followed-paths.js";
import type { ReplayCase } from "#verify/replay/replay-case.js";
import { ruleMeetings, type RuleMeetings } from "./rule-meetings.js";

/** By the paths of the saved rules that explain all that was seen; undefined where none does. */
export function meetingsOf(theCase: ReplayCase, saved: FollowedPaths): RuleMeetings | undefined {
  const { dial, flows, points, journey } = theCase;
  const found = saved
    .of(dial)
    .map(({ path, sightings }) => comparePath(path, sightings, { flows, points }))
    .filter(explainsAll);
  const least = Math.min(...found.map(distance));
  const nearest = found.filter((one) => distance(one) === least);
  const seenAt = new Set(
    flows.flatMap(({ point }) => [point.place.node ?? [], point.place.pod ?? []].flat()),
  );
  return ruleMeetings(
    { journey, seenAt },
    nearest.map(({ path }) => path),
  );
}
