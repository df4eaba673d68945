import type { Attribution } from "#verify/attribution.js";
import type { AttributionDocument } from "./attribution-schema.js";
import { describeAttribution } from "./attribution-text.js";

export function attributionDocument(cause: Attribution): AttributionDocument {
  const says = describeAttribution(cause);
  switch (cause.kind) {
    case "rule":
    case "missing rule":
    case "conntrack":
      return { ...cause, says };
    case "setting":
      return { ...cause, says, file: cause.file ?? null };
    case "path": {
      const { last, first, candidates, collect } = cause;
      const ends = { last: last ?? null, first: first ?? null };
      return { ...cause, says, ...ends, candidates: [...candidates], collect: [...collect] };
    }
    case "proxy":
      return { ...cause, says, carriedOn: cause.carriedOn ?? null };
    case "server": {
      const { seenAt, candidates, collect } = cause;
      return {
        ...cause,
        says,
        seenAt: seenAt ?? null,
        candidates: [...candidates],
        collect: [...collect],
      };
    }
    case "not explained":
      return { ...cause, says, collect: [...cause.collect] };
  }
}
