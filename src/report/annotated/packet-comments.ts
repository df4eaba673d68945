/** What a packet of the annotated capture has to say, one comment per fact. */
import type { Check, ConnectionReport, Report } from "#verify/report.js";
import type { JourneyStop, Rewrite } from "#verify/journey-stop.js";
import { cite, told } from "../check-table.js";
import { listIds } from "../list-ids.js";
import { sanitize } from "../sanitize.js";
import type { KeptPacket, StoryPart } from "./packet-keeper.js";
import type { CitedCheck } from "./wanted-packets.js";

/** Of one packet: it may be evidence of many connections' checks. */
const MAX_COMMENTS = 60;

export class PacketComments {
  readonly #connections: ReadonlyMap<string, ConnectionReport>;
  readonly #codes: ReadonlyMap<string, readonly string[]>;
  /** Failed checks that cite no packet, until a packet of one of their connections was there. */
  readonly #uncited = new Map<string, Set<CitedCheck>>();

  constructor(report: Report) {
    this.#connections = new Map(report.connections.map((one) => [one.id, one]));
    const failed = [...told(report)].filter(({ check }) => check.verdict === "fail");
    this.#codes = codesOf(failed);
    for (const cited of failed.filter(({ check }) => check.evidence.length === 0)) {
      for (const id of cited.ids) {
        this.#uncited.set(id, (this.#uncited.get(id) ?? new Set()).add(cited));
      }
    }
  }

  /** In the order in which the packets are written. */
  of(packet: KeptPacket): readonly string[] {
    const where = cite({ file: packet.file, packet: packet.number });
    const ids = new Set(packet.parts.map(({ id }) => id));
    const parts = packet.parts.map((part) => `${this.#connection(part.id)}: ${describe(part)}`);
    const others = packet.cited.flatMap((cited) =>
      cited.ids.some((id) => ids.has(id)) ? [] : this.#evidenceOf(cited),
    );
    const [first = "pcapcheck", ...more] = [...parts, ...new Set(others)];
    const all = [
      `${first}, ${where}`,
      ...more,
      ...[...packet.cited, ...this.#firstOf(ids)].flatMap(({ check }) => facts(check)),
      ...[...ids].flatMap((id) => this.#stopsAt(id, where)),
    ];
    return [...new Set(all)].slice(0, MAX_COMMENTS).map(sanitize);
  }

  /** `pcapcheck c1 fail PC024`. */
  #connection(id: string): string {
    const verdict = this.#connections.get(id)?.verdict;
    return ["pcapcheck", id, verdict, ...(this.#codes.get(id) ?? [])].join(" ");
  }

  #evidenceOf({ ids, check }: CitedCheck): readonly string[] {
    const [id, ...more] = ids;
    if (id === undefined) return [];
    if (more.length === 0) return [`${this.#connection(id)}: evidence`];
    return [`pcapcheck ${listIds(ids)} fail ${check.finding?.code ?? ""}: evidence`];
  }

  #firstOf(ids: ReadonlySet<string>): readonly CitedCheck[] {
    const found = new Set([...ids].flatMap((id) => [...(this.#uncited.get(id) ?? [])]));
    for (const cited of found) for (const id of cited.ids) this.#uncited.get(id)?.delete(cited);
    return [...found];
  }

  #stopsAt(id: string, where: string): readonly string[] {
    const stops = this.#connections.get(id)?.stops ?? [];
    return stops.flatMap((stop, at) => {
      const evidence = stop.observed?.evidence;
      if (evidence === undefined || cite(evidence) !== where) return [];
      const name = (place: number): string => `${id} stop ${place + 1} of ${stops.length}`;
      // What was not seen has no packet of its own: it is told where it was seen last.
      const next = stops.findIndex(({ observed }, later) => later > at && observed !== undefined);
      const lost = stops.slice(at + 1, next < 0 ? stops.length : next);
      return [
        ...stopFacts(stop).map((fact) => `${name(at)}: ${fact}`),
        ...lost.flatMap((missing, after) =>
          missing.outcome === "missing"
            ? [
                `${name(at + 1 + after)}: ${missing.direction} at ${missing.point} ${stopFacts(missing).join("; ")}`,
              ]
            : [],
        ),
      ];
    });
  }
}

function codesOf(failed: readonly CitedCheck[]): ReadonlyMap<string, readonly string[]> {
  const codes = new Map<string, string[]>();
  for (const { check, ids } of failed) {
    const code = check.finding?.code;
    if (code === undefined) continue;
    for (const id of ids) {
      const known = codes.get(id) ?? [];
      if (!known.includes(code)) codes.set(id, [...known, code]);
    }
  }
  return codes;
}

function describe({ kind, at }: StoryPart): string {
  return kind === "ICMP error" ? `ICMP error about it at ${at}` : `${kind} at ${at}`;
}

function facts({ check, finding, expected, observed }: Check): readonly string[] {
  const code = finding === undefined ? "" : `${finding.code} `;
  return [
    `${code}check ${check}: fail${finding === undefined ? "" : `, ${finding.title}`}`,
    `${code}expected: ${expected}`,
    `${code}observed: ${observed}`,
  ];
}

function stopFacts({ outcome, expected, why, rewrites }: JourneyStop): readonly string[] {
  const reason = why === undefined ? "" : ` (${why})`;
  return [
    `${outcome}${reason}`,
    ...(expected === undefined || outcome === "as expected"
      ? []
      : [`expected ${expected.source} > ${expected.destination}`]),
    ...rewrites.map(describeRewrite),
  ];
}

function describeRewrite({ at, table, chain, text, before, after }: Rewrite): string {
  return `expected rewrite on ${at}, ${table} ${chain}: ${before} becomes ${after}, by ${text}`;
}
