/** What `topology.yaml` may hold (`pcapcheck.topology/v1`). */
import { z } from "zod";
import { parseAddress } from "#net/address.js";
import { parsePrefix, type Prefix } from "#net/prefix.js";
import { INTERFACE_KINDS } from "./topology.js";

const address = z.string().transform((text, context) => {
  const value = parseAddress(text);
  if (value !== undefined) return value;
  context.addIssue({ code: "custom", message: `${text} is not an IP address` });
  return z.NEVER;
});

const prefix = z.string().transform((text, context): Prefix => {
  const value = parsePrefix(text);
  if (value !== undefined) return value;
  context.addIssue({ code: "custom", message: `${text} is not an address or prefix` });
  return z.NEVER;
});

const port = z.int().min(1).max(65_535);

const hostPort = z.strictObject({
  hostPort: port,
  containerPort: port,
  protocol: z.enum(["tcp", "udp", "sctp"]).default("tcp"),
  hostIP: address.optional(),
});

const networkInterface = z.strictObject({
  name: z.string(),
  index: z.int().positive().optional(),
  kind: z.enum(INTERFACE_KINDS),
  addresses: z.array(prefix).default([]),
  pod: z.string().optional(),
});

const docker = z.strictObject({
  version: z.string().optional(),
  userlandProxy: z.boolean().default(true),
  networks: z
    .array(
      z.strictObject({ name: z.string(), bridge: z.string(), subnet: prefix, gateway: address }),
    )
    .default([]),
});

const trafficPolicy = z.enum(["Cluster", "Local"]).default("Cluster");

/** An endpoint that is a pod of the file may leave its address and node to it. */
const endpoint = z.strictObject({
  pod: z.string().optional(),
  address: address.optional(),
  node: z.string().optional(),
  port: port.optional(),
  ready: z.boolean().default(true),
  serving: z.boolean().optional(),
  terminating: z.boolean().default(false),
  zoneHints: z.array(z.string()).optional(),
});

const service = z.strictObject({
  name: z.string(),
  clusterIPs: z.array(address).default([]),
  ports: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        protocol: z.enum(["tcp", "udp", "sctp"]).default("tcp"),
        port,
        targetPort: port.optional(),
        nodePort: port.optional(),
      }),
    )
    .min(1),
  externalIPs: z.array(address).default([]),
  loadBalancerIPs: z.array(address).default([]),
  loadBalancerSourceRanges: z.array(prefix).default([]),
  externalTrafficPolicy: trafficPolicy,
  internalTrafficPolicy: trafficPolicy,
  sessionAffinitySeconds: z.int().positive().max(86_400).optional(),
  healthCheckNodePort: port.optional(),
  topologyHints: z.boolean().optional(),
  endpoints: z.array(endpoint).default([]),
});

const kubeProxy = z.strictObject({
  mode: z.enum(["iptables", "ipvs", "userspace"]).default("iptables"),
  version: z.string().optional(),
  localDetector: z.enum(["cluster-cidr", "none"]).default("cluster-cidr"),
  masqueradeAll: z.boolean().default(false),
  nodePortAddresses: z.array(prefix).default([]),
  localhostNodePorts: z.boolean().default(true),
  randomFully: z.boolean().default(true),
  scheduler: z.enum(["rr", "wrr", "lc", "sh"]).default("rr"),
});

const podNetwork = z.strictObject({
  backend: z.enum(["vxlan", "host-gw"]).default("vxlan"),
  masquerade: z.enum(["flannel", "cni-bridge", "none"]).default("flannel"),
});

const node = z.strictObject({
  name: z.string(),
  addresses: z.array(address).min(1),
  podCIDR: prefix.optional(),
  secondaryPodCIDR: prefix.optional(),
  zone: z.string().optional(),
  interfaces: z.array(networkInterface).default([]),
  docker: docker.optional(),
});

const pod = z.strictObject({
  name: z.string(),
  node: z.string(),
  address,
  hostNetwork: z.boolean().default(false),
  hostPorts: z.array(hostPort).default([]),
  ports: z.array(port).default([]),
  network: z.string().optional(),
  sharesNetworkOf: z.string().optional(),
  sidecar: z.strictObject({ inboundPort: port.default(15_006) }).optional(),
  proxyFor: z.string().optional(),
  gone: z.boolean().default(false),
});

const client = z.strictObject({
  name: z.string(),
  addresses: z.array(prefix).min(1),
  isBalancer: z.boolean().default(false),
});

export const topologySchema = z.strictObject({
  schema: z.literal("pcapcheck.topology/v1"),
  nodes: z.array(node).min(1),
  pods: z.array(pod).default([]),
  clients: z.array(client).default([]),
  clusterCIDR: prefix.optional(),
  secondaryClusterCIDR: prefix.optional(),
  portmap: z.string().optional(),
  services: z.array(service).default([]),
  kubeProxy: kubeProxy.optional(),
  podNetwork: podNetwork.optional(),
});

/** A file beside others: what a name stands for may be told there, so the name alone is needed. */
export const completionSchema = z.strictObject({
  ...topologySchema.shape,
  nodes: z.array(node.partial().required({ name: true })).default([]),
  pods: z.array(pod.partial().required({ name: true })).default([]),
  services: z.array(service.partial().required({ name: true })).default([]),
});

/** A file that the schema accepts; names in it may still lead nowhere. */
export type TopologyFile = z.infer<typeof topologySchema>;

/** The same as it is written, before addresses are read and defaults filled in. */
export type TopologyInput = z.input<typeof topologySchema>;

/** A file beside others as it is written. */
export type CompletionInput = z.input<typeof completionSchema>;
