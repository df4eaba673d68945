/** What `ip route show table all` prints for people, as `ip -j` prints it for programs. */

/** As iproute2 writes a route in JSON, as far as it is read (ip-json.ts). */
interface RouteJson {
  type?: string;
  dst: string;
  gateway?: string;
  via?: { readonly host: string };
  dev?: string;
  table?: string;
  metric?: number;
  flags: string[];
  nexthops?: HopJson[];
}

type HopJson = Pick<RouteJson, "gateway" | "via" | "dev" | "flags"> & { weight?: number };

/** The IPv4 routes: without a family `ip` prints those of both. */
export function ipRouteJson(lines: readonly string[]): string {
  const routes: RouteJson[] = [];
  let isSkipped = false;
  for (const line of lines) {
    const words = line
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "");
    if (words.length === 0) continue;
    if (words[0] === "nexthop") {
      const route = routes.at(-1);
      if (route && !isSkipped) (route.nexthops ??= []).push(readHop(words.slice(1)));
      continue;
    }
    isSkipped = isIpv6(words);
    if (!isSkipped) routes.push(readRoute(words));
  }
  return JSON.stringify(routes);
}

/** `ip` names no family; `pref` is of IPv6 alone (RFC 4191), and a gateway may be of the other one. */
function isIpv6(words: readonly string[]): boolean {
  const [first = "", second = ""] = words;
  const destination = TYPES.has(first) ? second : first;
  return destination.includes(":") || words.includes("pref");
}

/** iproute2 lib/rt_names.c rtnl_rtntype_n2a; a unicast route is printed without its type. */
const TYPES: ReadonlySet<string> = new Set([
  "unicast",
  "local",
  "broadcast",
  "anycast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
  "nat",
]);

function readRoute(words: readonly string[]): RouteJson {
  const [first = ""] = words;
  const hasType = TYPES.has(first);
  const [dst = "", ...rest] = hasType ? words.slice(1) : words;
  const options = readOptions(rest);
  const table = options.get("table");
  const metric = options.get("metric");
  return {
    ...(hasType && { type: first }),
    dst,
    ...way(options),
    ...(table !== undefined && { table }),
    ...(metric !== undefined && { metric: Number(metric) }),
    flags: flagsIn(rest),
  };
}

function readHop(words: readonly string[]): HopJson {
  const options = readOptions(words);
  const weight = options.get("weight");
  return {
    ...way(options),
    ...(weight !== undefined && { weight: Number(weight) }),
    flags: flagsIn(words),
  };
}

function way(options: ReadonlyMap<string, string>): Pick<RouteJson, "gateway" | "via" | "dev"> {
  const [via, host, dev] = ["via", "via inet6", "dev"].map((name) => options.get(name));
  return {
    ...(via !== undefined && { gateway: via }),
    ...(host !== undefined && { via: { host } }),
    ...(dev !== undefined && { dev }),
  };
}

/** The word behind each of the names that matter; one stands once in a route. */
function readOptions(words: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at++) {
    const name = words[at] ?? "";
    if (!NAMES.has(name)) continue;
    const isOther = name === "via" && words[at + 1] === "inet6";
    const value = words[at + (isOther ? 2 : 1)];
    if (value !== undefined) options.set(isOther ? "via inet6" : name, value);
    at += isOther ? 2 : 1;
  }
  return options;
}

const NAMES: ReadonlySet<string> = new Set(["via", "dev", "table", "metric", "weight"]);

const FLAGS: readonly string[] = ["onlink", "dead", "linkdown", "pervasive"];

function flagsIn(words: readonly string[]): string[] {
  return FLAGS.filter((flag) => words.includes(flag));
}
