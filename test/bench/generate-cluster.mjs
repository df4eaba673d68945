/** A made-up cluster as `kubectl get nodes,pods,services,endpointslices -A -o json` prints it. */
import { closeSync, openSync, writeSync } from "node:fs";

const NODES_PER_ZONE = 3;

/**
 * Pods of one container, 6 kB each as kubectl indents them, spread over the nodes; a Service for every
 * ten, each tenth with NodePorts.
 * @param {{ path: string, nodes: number, pods: number, services: number }} wanted
 * @returns {number} bytes written
 */
export function generateCluster({ path, nodes, pods, services }) {
  const file = openSync(path, "w");
  let bytes = writeSync(file, '{\n    "apiVersion": "v1",\n    "items": [\n');
  let isFirst = true;
  for (const item of items({ nodes, pods, services })) {
    const text = JSON.stringify(item, undefined, 4).replaceAll("\n", "\n        ");
    bytes += writeSync(file, `${isFirst ? "" : ",\n"}        ${text}`);
    isFirst = false;
  }
  bytes += writeSync(
    file,
    '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n',
  );
  closeSync(file);
  return bytes;
}

function* items({ nodes, pods, services }) {
  for (let at = 0; at < nodes; at++) yield node(at);
  for (let at = 0; at < pods; at++) yield pod(at, { nodes, services });
  for (let at = 0; at < services; at++) yield service(at);
  for (let at = 0; at < services; at++) yield slice(at, { nodes, pods, services });
}

const octets = (at) => `${at >> 8}.${at & 255}`;
const nodeName = (at) => `ip-10-${at >> 8}-${at & 255}-10.eu-west-1.compute.internal`;
const podName = (at, services) =>
  `app-${at % services}-7d9c8b6f5d-${at.toString(36).padStart(5, "0")}`;
const podAddress = (at, nodes) =>
  `10.${128 + ((at % nodes) >> 8)}.${(at % nodes) & 255}.${2 + Math.floor(at / nodes)}`;
const namespaceOf = (service) => `team-${service % 50}`;

function metadata(name, more) {
  return {
    creationTimestamp: "2026-01-01T00:00:00Z",
    ...more,
    name,
    resourceVersion: "123456789",
    uid: "0f0e0d0c-0b0a-4908-8706-050403020100",
  };
}

function node(at) {
  const podCIDR = `10.${128 + (at >> 8)}.${at & 255}.0/24`;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: metadata(nodeName(at), {
      annotations: { "flannel.alpha.coreos.com/backend-type": "vxlan" },
      labels: { "topology.kubernetes.io/zone": `zone-${at % NODES_PER_ZONE}` },
    }),
    spec: { podCIDR, podCIDRs: [podCIDR] },
    status: {
      addresses: [
        { address: `10.${octets(at)}.10`, type: "InternalIP" },
        { address: nodeName(at), type: "Hostname" },
      ],
    },
  };
}

function pod(at, { nodes, services }) {
  const address = podAddress(at, nodes);
  const hostIP = `10.${octets(at % nodes)}.10`;
  const labels = { app: `app-${at % services}`, "pod-template-hash": "7d9c8b6f5d" };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(podName(at, services), { labels, namespace: namespaceOf(at % services) }),
    spec: {
      containers: [container()],
      dnsPolicy: "ClusterFirst",
      nodeName: nodeName(at % nodes),
      restartPolicy: "Always",
      schedulerName: "default-scheduler",
      securityContext: {},
      serviceAccountName: "default",
      tolerations: ["not-ready", "unreachable"].map((key) => ({
        effect: "NoExecute",
        key: `node.kubernetes.io/${key}`,
        operator: "Exists",
        tolerationSeconds: 300,
      })),
      volumes: [{ configMap: { defaultMode: 420, name: "config" }, name: "config" }],
    },
    status: {
      conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
        lastProbeTime: null,
        lastTransitionTime: "2026-01-01T00:00:00Z",
        status: "True",
        type,
      })),
      containerStatuses: [
        {
          containerID: `containerd://${"0123456789abcdef".repeat(4)}`,
          image: "registry.example/team/app:1.2.3",
          imageID: `registry.example/team/app@sha256:${"cd".repeat(32)}`,
          lastState: {},
          name: "app",
          ready: true,
          restartCount: 0,
          started: true,
          state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
        },
      ],
      hostIP,
      hostIPs: [{ ip: hostIP }],
      phase: "Running",
      podIP: address,
      podIPs: [{ ip: address }],
      qosClass: "Burstable",
      startTime: "2026-01-01T00:00:00Z",
    },
  };
}

function container() {
  return {
    args: ["--listen=:8080", "--config=/etc/config/app.yaml"],
    env: ["LOG_LEVEL", "REGION", "QUEUE"].map((name) => ({ name, value: "some value" })),
    image: "registry.example/team/app:1.2.3",
    imagePullPolicy: "IfNotPresent",
    livenessProbe: {
      failureThreshold: 3,
      httpGet: { path: "/healthz", port: 8080, scheme: "HTTP" },
      periodSeconds: 10,
    },
    name: "app",
    ports: [{ containerPort: 8080, name: "http", protocol: "TCP" }],
    resources: { limits: { cpu: "1", memory: "512Mi" }, requests: { cpu: "100m" } },
    terminationMessagePath: "/dev/termination-log",
    volumeMounts: [{ mountPath: "/etc/config", name: "config" }],
  };
}

function service(at) {
  const clusterIP = `172.20.${octets(at)}`;
  const hasNodePort = at % 10 === 0;
  const nodePort = 30_000 + Math.floor(at / 10);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(`app-${at}`, { namespace: namespaceOf(at) }),
    spec: {
      clusterIP,
      clusterIPs: [clusterIP],
      internalTrafficPolicy: "Cluster",
      ports: [
        {
          name: "http",
          ...(hasNodePort && { nodePort }),
          port: 80,
          protocol: "TCP",
          targetPort: "http",
        },
      ],
      selector: { app: `app-${at}` },
      sessionAffinity: "None",
      type: hasNodePort ? "NodePort" : "ClusterIP",
    },
    status: { loadBalancer: {} },
  };
}

function slice(at, { nodes, pods, services }) {
  const endpoints = [];
  for (let index = at; index < pods; index += services) {
    endpoints.push({
      addresses: [podAddress(index, nodes)],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: nodeName(index % nodes),
      targetRef: { kind: "Pod", name: podName(index, services), namespace: namespaceOf(at) },
    });
  }
  return {
    addressType: "IPv4",
    apiVersion: "discovery.k8s.io/v1",
    endpoints,
    kind: "EndpointSlice",
    metadata: metadata(`app-${at}-abcde`, {
      labels: { "kubernetes.io/service-name": `app-${at}` },
      namespace: namespaceOf(at),
    }),
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
  };
}
