import clusterIp from "./clusterip.js";
import clusterIpLocal from "./clusterip-local.js";
import clusterIpNoEndpoints from "./clusterip-no-endpoints.js";
import dockerContainer from "./docker-container.js";
import dockerEgress from "./docker-egress.js";
import dockerHost from "./docker-host.js";
import dockerPublished from "./docker-published.js";
import externalIp from "./externalip.js";
import healthCheckNodePort from "./health-check-node-port.js";
import hostNetworkExternal from "./hostnetwork-external.js";
import hostNetworkNode from "./hostnetwork-node.js";
import hostNetworkPod from "./hostnetwork-pod.js";
import hostPortExternal from "./hostport-external.js";
import hostPortHairpin from "./hostport-hairpin.js";
import hostPortLocalhost from "./hostport-localhost.js";
import hostPortNode from "./hostport-node.js";
import hostPortPod from "./hostport-pod.js";
import ingress from "./ingress.js";
import loadBalancer from "./loadbalancer.js";
import loadBalancerProxy from "./loadbalancer-proxy.js";
import noNetwork from "./no-network.js";
import nodeToPod from "./node-to-pod.js";
import nodePortCluster from "./nodeport-cluster.js";
import nodePortLocal from "./nodeport-local.js";
import podEgress from "./pod-egress.js";
import podToPod from "./pod-to-pod.js";
import sessionAffinity from "./session-affinity.js";
import sharedNetwork from "./shared-network.js";
import sidecarRedirect from "./sidecar-redirect.js";
import userspaceProxy from "./userspace-proxy.js";
import type { Scenario } from "./scenario.js";

/** Every scenario, as `pcapcheck scenarios` lists them. To add one: write its file, add its line. */
export const SCENARIOS: readonly Scenario[] = [
  hostPortExternal,
  hostPortNode,
  hostPortLocalhost,
  hostPortHairpin,
  hostPortPod,
  hostNetworkExternal,
  hostNetworkNode,
  hostNetworkPod,
  dockerEgress,
  dockerContainer,
  dockerPublished,
  dockerHost,
  sharedNetwork,
  noNetwork,
  podToPod,
  nodeToPod,
  podEgress,
  clusterIp,
  clusterIpLocal,
  clusterIpNoEndpoints,
  nodePortCluster,
  nodePortLocal,
  externalIp,
  loadBalancer,
  loadBalancerProxy,
  healthCheckNodePort,
  sessionAffinity,
  ingress,
  userspaceProxy,
  sidecarRedirect,
];

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
