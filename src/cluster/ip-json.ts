/** Reads what `ip -j addr` and `ip -j route show table all` print (iproute2 4.13 and later). */
import { z } from "zod";
import { parseAddress, type Address } from "#net/address.js";
import { parsePrefix, prefixOf, type Prefix } from "#net/prefix.js";
import {
  ROUTE_TYPES,
  type HostAddress,
  type HostInterface,
  type Route,
  type RouteHop,
  type RouteType,
} from "./host.js";

export interface StateText {
  readonly file: string;
  readonly text: string;
}

/** A file of a node's state that cannot be used, as `file: what`. */
export class NodeStateError extends Error {
  override readonly name = "NodeStateError";
}

const address = z.string().transform((text, context): Address => {
  const value = parseAddress(text);
  if (value !== undefined) return value;
  context.addIssue({ code: "custom", message: `${text} is not an IP address` });
  return z.NEVER;
});

// `ip -j` pads its list with empty objects where a filter left something out.
const addressInfo = z.object({
  family: z.string().optional(),
  local: address.optional(),
  /** Of the other end, on a point-to-point link. */
  address: address.optional(),
  prefixlen: z.int().min(0).max(128).optional(),
  scope: z.string().default("global"),
  secondary: z.boolean().default(false),
});

const link = z.object({
  ifindex: z.int().positive().optional(),
  ifname: z.string().optional(),
  flags: z.array(z.string()).default([]),
  master: z.string().optional(),
  linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  addr_info: z.array(addressInfo).default([]),
});

/** @throws NodeStateError */
export function readIpAddr(input: StateText): readonly HostInterface[] {
  const links = readJson(input, z.array(link));
  const bridges = new Set(links.flatMap(({ master }) => master ?? []));
  return links.flatMap(({ ifindex, ifname, flags, master, linkinfo, addr_info: infos }) => {
    if (ifname === undefined) return [];
    return {
      name: ifname,
      index: ifindex,
      bridge: master,
      isBridge: bridges.has(ifname) || linkinfo?.info_kind === "bridge",
      isLoopback: flags.includes("LOOPBACK"),
      addresses: infos.flatMap(hostAddress),
    };
  });
}

function hostAddress(info: z.infer<typeof addressInfo>): HostAddress[] {
  const { local, address: peer, prefixlen, scope, secondary } = info;
  if (local === undefined || prefixlen === undefined) return [];
  return [
    {
      address: local,
      subnet: prefixOf(peer ?? local, prefixlen),
      scope: scope === "link" || scope === "host" ? scope : "global",
      isSecondary: secondary,
    },
  ];
}

const via = z.object({ host: address }).transform(({ host }) => host);
const hopFlags = z.array(z.string()).default([]);

const routeHop = z.object({
  dev: z.string().optional(),
  gateway: address.optional(),
  via: via.optional(),
  weight: z.int().positive().default(1),
  flags: hopFlags,
});

const route = z.object({
  type: z.string().default("unicast"),
  dst: z.string().optional(),
  table: z.union([z.string(), z.number()]).default("main").transform(String),
  metric: z.number().optional(),
  dev: z.string().optional(),
  gateway: address.optional(),
  via: via.optional(),
  flags: hopFlags,
  nexthops: z.array(routeHop).optional(),
});

type RouteJson = z.infer<typeof route>;

/**
 * `family` is the one that was asked for: `default` does not tell.
 * @throws NodeStateError
 */
export function readIpRoute(
  input: StateText & { readonly family: "ipv4" | "ipv6" },
): readonly Route[] {
  return readJson(input, z.array(route)).flatMap((json): Route[] => {
    const { dst, table, metric = 0 } = json;
    if (dst === undefined) return [];
    const destination = destinationOf(dst, input.family);
    const type = ROUTE_TYPES.find((known) => known === json.type);
    if (destination === undefined || type === undefined) return [];
    const hops = hopsOf(json);
    // Every hop of it is dead: the kernel passes the route over.
    if (hops.length === 0 && HOPPED.has(type)) return [];
    return [{ type, destination, table, metric, hops }];
  });
}

const HOPPED: ReadonlySet<RouteType> = new Set(["unicast", "local", "broadcast"]);

function destinationOf(text: string, family: "ipv4" | "ipv6"): Prefix | undefined {
  if (text !== "default") return parsePrefix(text);
  return parsePrefix(family === "ipv4" ? "0.0.0.0/0" : "::/0");
}

function hopsOf({ dev, gateway, via, flags, nexthops }: RouteJson): RouteHop[] {
  const hops = nexthops ?? [{ dev, gateway, via, flags, weight: 1 }];
  return hops.flatMap(({ dev: device, gateway, via, weight, flags }) => {
    if (device === undefined || flags.includes("dead")) return [];
    return { device, gateway: gateway ?? via, weight };
  });
}

function readJson<Value>({ file, text }: StateText, schema: z.ZodType<Value>): Value {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new NodeStateError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const [fault] = read.error.issues;
  throw new NodeStateError(`${file}: ${fault?.path.join(".") || "file"}: ${fault?.message}`);
}
