/**
 * The contract of `predict -o json`. The JSON Schema under docs/schema is made from it. Keys may be
 * added within v1; none is renamed, removed or given another meaning.
 */
import { z } from "zod";
import { INTERFACE_KINDS } from "#cluster/topology.js";
import { HOOKS, TABLES } from "#expected/netfilter/hook.js";

const endpoint = z.object({
  address: z.string(),
  port: z.int().min(0).max(65_535).nullable().describe("null: any, as where it is drawn at random"),
});

const tuple = z
  .object({ protocol: z.string(), source: endpoint, destination: endpoint })
  .meta({ id: "tuple" });

const count = z.int().min(0);
const table = z.enum(TABLES);
const hook = z.enum(HOOKS);
const probability = z.number().min(0).max(1);

const rule = z
  .object({
    file: z.string().describe("as it was read, or what the rules were generated for"),
    line: z.int().min(1),
    table,
    chain: z.string(),
    text: z.string().describe("as iptables-save prints it"),
    owner: z.string().describe("the program that installed it, or unknown"),
    comment: z.string().nullable(),
  })
  .meta({ id: "rule" });

const server = z.object({ file: z.string(), line: count, text: z.string() });

const step = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("rule"),
      hook,
      rule,
      before: tuple,
      after: tuple,
      markBefore: count,
      markAfter: count,
    })
    .describe("a rule that matched, and what it changed"),
  z
    .object({
      kind: z.literal("policy"),
      hook,
      table,
      chain: z.string(),
      line: count,
      verdict: z.enum(["accept", "drop"]),
    })
    .describe("the end of a built-in chain"),
  z
    .object({ kind: z.literal("routing"), tuple, decision: z.string() })
    .describe("where it goes next, or why nowhere"),
  z
    .object({ kind: z.literal("conntrack"), hook, before: tuple, after: tuple })
    .describe("translated as the first packet of its connection was"),
  z
    .object({
      kind: z.literal("ipvs"),
      hook,
      decision: z.string(),
      server: server.nullable().describe("the virtual server that takes it"),
      realServer: server.nullable(),
      before: tuple,
      after: tuple,
      ttlLowered: count,
    })
    .describe("IPVS was asked"),
]);

const trace = z.object({
  disposition: z.enum(["delivered-locally", "forwarded", "dropped", "rejected", "unknown"]),
  reason: z.string().nullable(),
  rule: rule.nullable().describe("that ended its way, or that the model does not understand"),
  first: tuple,
  final: tuple,
  out: z.string().nullable().describe("the interface that it left by"),
  mark: count,
  conntrack: z
    .object({ original: tuple, reply: tuple, mark: count })
    .nullable()
    .describe("null: it leaves no entry behind"),
  steps: z.array(step),
});

const namespace = z.object({ kind: z.enum(["node", "pod"]), name: z.string() });

const hop = z
  .object({
    namespace,
    arrival: z.string().nullable().describe("the interface it came in by; null: sent by a process"),
    ttlLowered: count,
    outer: tuple.nullable().describe("the packet around it when it leaves, as VXLAN"),
    trace,
  })
  .meta({ id: "hop", description: "a network namespace that the packet passes" });

const party = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.enum(["pod", "node"]), name: z.string() }),
    z.object({ kind: z.literal("outside"), address: z.string() }),
  ])
  .meta({ id: "party", description: "whose socket it is; node: in the node's own namespace" });

const end = z.discriminatedUnion("kind", [
  z
    .object({ kind: z.literal("delivered"), to: party, tuple })
    .describe("with the tuple that the receiving socket sees"),
  z
    .object({ kind: z.literal("left"), interface: z.string().nullable(), tuple })
    .describe("it left the only node whose state was read"),
  z.object({
    kind: z.enum(["dropped", "rejected", "unknown"]),
    namespace,
    rule: rule.nullable(),
    reason: z.string().nullable(),
  }),
]);

const sighting = z.object({
  point: z.object({
    namespace: z.object({
      kind: z.enum(["node", "pod", "outside"]),
      name: z.string().nullable(),
    }),
    interface: z.string().nullable().describe("null: a veth whose name nobody told"),
    kind: z.enum(INTERFACE_KINDS),
    pod: z.string().nullable().describe("the pod at the other end of a veth"),
  }),
  direction: z.enum(["request", "reply"]),
  tuple,
  outer: tuple.nullable().describe("the packet around it at this point, as VXLAN"),
  ttlLowered: count.describe("since it was sent, by nodes; routers in between come on top"),
  seen: z.enum(["must", "may"]),
  why: z.string().nullable(),
});

const program = z.enum(["docker-proxy", "kube-proxy", "ingress", "sidecar"]);

const path = z.object({
  probability,
  request: z.array(hop),
  end,
  reply: z
    .object({
      hops: z.array(hop),
      arrives: tuple.nullable().describe("null: it does not arrive"),
      isRecognised: z.boolean().describe("false: the dialling socket answers with a reset"),
    })
    .nullable(),
  sightings: z.array(sighting).describe("a tuple that is not here cannot be seen at a point"),
  onward: z
    .object({
      program,
      journeys: z.array(count).describe("one of these is dialled: positions in journeys, from 0"),
      unfollowed: count.describe("how many others may be dialled, which were not followed"),
    })
    .nullable()
    .describe("the proxy that ends the connection here"),
  assumptions: z.array(z.string()),
});

export const predictionSchema = z.object({
  schema: z.literal("pcapcheck.prediction/v1"),
  scope: z.enum(["node", "network"]).describe("node: one node's saved state, nothing around it"),
  journeys: z
    .array(
      z.object({
        from: party.nullable().describe("null: who is around the node is not known"),
        tuple,
        dialledBy: program.nullable().describe("null: the connection that was asked for"),
        paths: z.array(path).describe("several where chance decides"),
      }),
    )
    .min(1)
    .describe("the connection that was asked for, then those that proxies dial for it"),
  assumptions: z.array(z.string()).describe("what everything rests on"),
});

export type PredictionDocument = z.infer<typeof predictionSchema>;
