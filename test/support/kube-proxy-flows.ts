/**
 * Flows that kube-proxy's own tests walk through its rules (kubernetes v1.28.7
 * pkg/proxy/iptables/proxier_test.go), with the rules it wrote for them and the Services that it wrote
 * them from. They lie outside of the project, in ../shared/vectors/kube-proxy-flows.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { KubeProxy, Service, ServiceEndpoint } from "#cluster/service.js";
import { iptablesSaveText } from "#expected/rulesets/installed-rules.js";
import { kubeProxyRules } from "#expected/rulesets/kube-proxy.js";
import { parsePrefix, type Prefix } from "#net/prefix.js";

const FOLDER = "../shared/vectors/kube-proxy-flows/iptables-v1.28.7";

const flowEndpoint = z.object({
  endpoint: z.string(),
  local: z.boolean(),
  ready: z.boolean(),
  serving: z.boolean(),
  terminating: z.boolean(),
});

const flowService = z.object({
  /** `ns1/svc1:p80`. */
  name: z.string(),
  protocol: z.enum(["TCP", "UDP", "SCTP"]),
  clusterIP: z.string(),
  port: z.number(),
  nodePort: z.number(),
  externalIPs: z.array(z.string()),
  loadBalancerIPs: z.array(z.string()),
  loadBalancerSourceRanges: z.array(z.string()),
  externalPolicyLocal: z.boolean(),
  internalPolicyLocal: z.boolean(),
  sessionAffinity: z.enum(["", "None", "ClientIP"]),
  healthCheckNodePort: z.number(),
  endpoints: z.array(flowEndpoint).nullable(),
});

const proxier = z.object({
  hostname: z.string(),
  masqueradeAll: z.boolean(),
  localhostNodePorts: z.boolean(),
  /** `-s 10.0.0.0/8`; null when it cannot tell. */
  localDetectorIfLocal: z.array(z.string()).nullable(),
  /** As Go prints a list. */
  nodePortAddresses: z.string(),
});

const flow = z.object({
  name: z.string(),
  sourceIP: z.string(),
  destIP: z.string(),
  destPort: z.number(),
  protocol: z.string(),
  output: z.string(),
  masq: z.boolean(),
});

const flowFile = z.object({
  nodeIPs: z.array(z.string()),
  localAddresses: z.array(z.string()),
  /** Null for rules that the Go test holds as they are: there are no Services for them. */
  proxier: proxier.nullable(),
  services: z.array(flowService).nullable(),
  iptablesSave: z.string(),
  flows: z.array(flow),
});

export type Flow = z.infer<typeof flow>;
export type FlowFile = z.infer<typeof flowFile> & { readonly name: string };

/** None where they are absent; then says so. */
export function readFlowFiles(): readonly FlowFile[] {
  if (!existsSync(FOLDER)) {
    process.stderr.write(`${FOLDER} is absent: its flows are skipped\n`);
    return [];
  }
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => {
      const text = readFileSync(`${FOLDER}/${name}`, "utf8");
      return { ...flowFile.parse(JSON.parse(text)), name: name.replace(/\.json$/, "") };
    });
}

/** Undefined for a file without Services. */
export function generatedRules({ nodeIPs, proxier, services }: FlowFile): string | undefined {
  if (proxier === null) return undefined;
  const { hostname, localDetectorIfLocal } = proxier;
  const rules = kubeProxyRules({
    family: "ipv4",
    node: { name: hostname, addresses: nodeIPs },
    services: (services ?? []).map((service) => serviceOf(service, hostname)),
    kubeProxy: proxyOf(proxier),
    clusterCIDR: prefixes(localDetectorIfLocal?.slice(1) ?? [])[0],
  });
  return iptablesSaveText([rules]);
}

function proxyOf(settings: z.infer<typeof proxier>): KubeProxy {
  return {
    mode: "iptables",
    version: "1.28",
    localDetector: settings.localDetectorIfLocal ? "cluster-cidr" : "none",
    masqueradeAll: settings.masqueradeAll,
    nodePortAddresses: prefixes(settings.nodePortAddresses.slice(1, -1).split(" ")),
    localhostNodePorts: settings.localhostNodePorts,
    // As the tests' own stand-in for iptables has it.
    randomFully: false,
    scheduler: "rr",
  };
}

function serviceOf(given: z.infer<typeof flowService>, hostname: string): Service {
  const [name = "", portName] = given.name.split(":");
  const isSticky = given.sessionAffinity === "ClientIP";
  return {
    name,
    clusterIPs: [given.clusterIP],
    ports: [
      {
        name: portName,
        protocol: given.protocol.toLowerCase() as "tcp" | "udp" | "sctp",
        port: given.port,
        targetPort: given.port,
        nodePort: given.nodePort || undefined,
      },
    ],
    externalIPs: given.externalIPs,
    loadBalancerIPs: given.loadBalancerIPs,
    loadBalancerSourceRanges: prefixes(given.loadBalancerSourceRanges),
    externalTrafficPolicy: given.externalPolicyLocal ? "Local" : "Cluster",
    internalTrafficPolicy: given.internalPolicyLocal ? "Local" : "Cluster",
    sessionAffinitySeconds: isSticky ? 10_800 : undefined,
    healthCheckNodePort: given.healthCheckNodePort || undefined,
    endpoints: (given.endpoints ?? []).map((endpoint) => endpointOf(endpoint, hostname)),
  };
}

function endpointOf(given: z.infer<typeof flowEndpoint>, hostname: string): ServiceEndpoint {
  const [address = "", port = ""] = given.endpoint.split(":");
  const { ready, serving, terminating } = given;
  const node = given.local ? hostname : "another";
  return { address, node, pod: undefined, port: Number(port), ready, serving, terminating };
}

function prefixes(texts: readonly string[]): readonly Prefix[] {
  return texts.flatMap((text) => parsePrefix(text) ?? []);
}
