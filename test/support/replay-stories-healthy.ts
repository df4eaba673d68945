/**
 * Every healthy case, connection by connection, as its README tells the story: who dials by which source port,
 * which scenario that is, and what is to be said of it. How to read a row: replay-stories.ts.
 */
// prettier-ignore
export const HEALTHY: Readonly<Record<string, readonly string[]>> = {
  "clusterip-hairpin": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | clusterip | pod | pass",
  ],
  "clusterip-local-policy": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001 41003 | clusterip-local | pod | pass",
    "*1 | clusterip-local | node | pass",
  ],
  "clusterip-no-endpoints": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 41004 | clusterip-no-endpoints | pod | pass",
  ],
  // Nothing shows what a node's own process dialled; the half-restored replies of a bridge tell some.
  "clusterip-node": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "*2 | clusterip | node | pass",
    "*2 | clusterip or node-to-pod | node | pass",
  ],
  "clusterip-outside": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41004 | clusterip | external | pass",
  ],
  "clusterip-pod": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41004 | clusterip | pod | pass",
  ],
  "docker-container": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | docker-container | container | pass",
  ],
  "docker-egress": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 41001 | docker-egress | container | pass",
    "41003 | none | - | not applicable",
  ],
  "docker-host": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | docker-host | external | pass",
    "41003 | docker-host | own-address | pass",
    "41004 | docker-host | localhost | pass",
    "41005-41006 | docker-host | container | pass",
    "41007 | none | - | not applicable",
  ],
  // 41004 dials 172.17.0.1:8080: behind its translation it looks like a dial of the container itself.
  "docker-published": [
    "40001-40002 41004 *3 | node-to-pod | node | pass",
    "41001-41002 | docker-published | external | pass",
    "41003 | docker-published | own-address | pass",
    "41005 | docker-published | localhost | pass",
    "41006 | docker-published | container | pass",
    "41007 | docker-published | hairpin | pass",
  ],
  // 41004 as above.
  "docker-published-no-proxy": [
    "40001-40002 41004 | node-to-pod | node | pass",
    "41001-41002 | docker-published | external | pass",
    "41003 | docker-published | own-address | pass",
    "41005 | docker-published | localhost | pass",
    "41006 | docker-published | container | pass",
    "41007 | docker-published | hairpin | pass",
  ],
  "externalip": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41003 | externalip | external | pass",
    "*1 | clusterip or externalip | node | pass",
    "41005-41006 41008 | externalip | pod | pass",
    "*1 | clusterip or externalip or node-to-pod | node | pass",
  ],
  "health-check-node-port": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41005 | health-check-node-port | external | pass",
    "41006 | health-check-node-port | other-node | pass",
    "41007 | health-check-node-port | own-address | pass",
    "41008 | health-check-node-port | pod-same-node | pass",
    "41009 | health-check-node-port | pod-other-node | pass",
    "41010 | loadbalancer | external | pass",
  ],
  "hostnetwork-external": [
    "40001-40002 | node-to-pod | node | pass",
    "40101-40102 | hostnetwork-node | own-address | pass",
    "41001-41002 | hostnetwork-external | external | pass",
  ],
  "hostnetwork-node": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostnetwork-node | other-node | pass",
    "41003-41004 | hostnetwork-node | own-address | pass",
    "41005-41006 | hostnetwork-node | localhost | pass",
  ],
  "hostnetwork-pod": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41003 | hostnetwork-pod | pod-same-node | pass",
    "41004-41005 | hostnetwork-pod | pod-other-node | pass",
  ],
  "hostport-client-behind-nat": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | pass",
  ],
  "hostport-external": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | pass",
  ],
  "hostport-hairpin": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-hairpin | hairpin | pass",
  ],
  "hostport-hairpin-promisc": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-hairpin | hairpin | pass",
  ],
  "hostport-hostip": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | pass",
  ],
  "hostport-localhost": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-localhost | localhost | pass",
  ],
  "hostport-mid-connection": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | pass",
  ],
  "hostport-other-node": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-node | other-node | pass",
  ],
  "hostport-own-address": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-node | own-address | pass",
  ],
  "hostport-pod-no-bridge-nf": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-pod | pod-same-node | pass",
  ],
  "hostport-pod-other-node": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-pod | pod-other-node | pass",
  ],
  "hostport-pod-same-node": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-pod | pod-same-node | pass",
  ],
  "hostport-two-pods": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41003 41006 | hostport-external | external | pass",
    "41004 | hostport-pod | pod-same-node | pass",
    "41005 | hostport-node | own-address | pass",
  ],
  "hostport-udp": [
    "40001-40002 | node-to-pod | node | pass",
    "42001-42002 | hostport-external | external | pass",
  ],
  // The controls look like connections of the proxy.
  "ingress": [
    "40001-40002 *4 | ingress | node | pass",
    "41001-41002 | ingress | external | pass",
    "41003 | ingress | other-node | pass",
    "41004 | ingress | pod-same-node | pass",
    "across | client handed on pass",
  ],
  // The controls as above.
  "ingress-proxy-protocol": [
    "40001-40002 *3 | ingress | node | pass",
    "41001-41002 | ingress | external | pass",
    "41003 | ingress | pod-same-node | pass",
    "across | client handed on pass, client handed on pass",
  ],
  "loadbalancer": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41005 | loadbalancer | external | pass",
    "41006 | nodeport-cluster | external | pass",
    "*2 | clusterip or loadbalancer or nodeport-cluster or nodeport-local | node | pass",
    "41008 41010 41012 41014-41015 | loadbalancer | pod | pass",
    "*2 | clusterip or loadbalancer or node-to-pod or nodeport-cluster or nodeport-local | node | pass",
  ],
  "loadbalancer-proxy": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41005 | none | - | not applicable",
    "*5 | loadbalancer-proxy | external | pass",
    "across | client handed on not applicable",
  ],
  "no-network": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | no-network | container | pass",
  ],
  // 41002 is bound to the node's own address: what a hostPort dialled by that address becomes too.
  "node-to-pod": [
    "40001-40002 41001 41003 41005 *1 | node-to-pod | node | pass",
    "41002 | hostport-node | own-address | pass",
  ],
  "nodeport-200-connections": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "43001-43200 | nodeport-cluster | external | pass",
    "across | endpoint choice pass",
  ],
  "nodeport-cluster": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | nodeport-cluster | external | pass",
    "41003-41004 | nodeport-cluster | other-node | pass",
    "*1 | clusterip or nodeport-cluster | node | pass",
    "*2 | clusterip or node-to-pod or nodeport-cluster | node | pass",
    "*1 | nodeport-cluster | localhost | pass",
    "41009-41010 | nodeport-cluster | pod-same-node | pass",
    "41011-41012 | nodeport-cluster | pod-other-node | pass",
  ],
  "nodeport-local": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | nodeport-local | external | pass",
    "41003 | nodeport-local | other-node | pass",
    "*1 | clusterip or nodeport-local | node | pass",
    "*1 | nodeport-local | localhost | pass",
    "41006 | nodeport-local | pod-same-node | pass",
    "41007 | nodeport-local | pod-other-node | pass",
  ],
  "nodeport-local-no-endpoint": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 41008 | nodeport-local | external | pass",
    "41003 | nodeport-local | other-node | pass",
    "41004 | nodeport-local | pod-other-node | pass",
    "*2 | clusterip or node-to-pod or nodeport-local | node | pass",
    "41007 | nodeport-local | pod-same-node | pass",
  ],
  "nodeport-no-endpoints": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | nodeport-cluster | external | pass",
    "41003 | nodeport-cluster | other-node | pass",
    "41004 | nodeport-cluster | own-address | pass",
    "41005 | nodeport-cluster | pod-same-node | pass",
    "41006 | nodeport-cluster | pod-other-node | pass",
  ],
  "pod-dialled-by-address": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | pass",
    "41003-41004 | node-to-pod | external | pass",
  ],
  "pod-egress": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41003 | pod-egress | pod | pass",
    "41004 | none | - | not applicable",
  ],
  "pod-egress-mid-connection": [
    "40001-40002 | node-to-pod | node | pass",
    "*1 | pod-egress | pod | pass",
  ],
  // * is a process of node1, masqueraded to its own address by flannel.
  "pod-to-pod-host-gw": [
    "40001-40002 *1 | node-to-pod | node | pass",
    "41001-41003 | pod-to-pod | pod | pass",
  ],
  "pod-to-pod-other-node": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | pod-to-pod | pod | pass",
  ],
  "pod-to-pod-same-node": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | pod-to-pod | pod | pass",
  ],
  // The topology does not list the Service, which accuses nobody.
  "service-beside-hostport": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | pass",
    "41003 | none | - | inconclusive",
    "*1 | hostport-localhost | - | inconclusive",
    "*2 | hostport-localhost or node-to-pod | - | inconclusive",
    "41007 | pod-egress | pod | inconclusive",
    "41008 | node-to-pod | node | inconclusive",
  ],
  "session-affinity": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41006 41011-41016 | session-affinity | external | pass",
    "41021-41026 | session-affinity | pod-same-node | pass",
    "across | session affinity pass",
  ],
  "shared-network": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41004 | shared-network | pod | pass",
  ],
  "sidecar-redirect": [
    "40001-40002 | sidecar-redirect | node | pass",
    "41003 *5 | sidecar-redirect | pod | pass",
    "41001-41002 | hostport-external | external | pass",
    "41004 | shared-network | pod | pass",
    "across | second connection pass",
  ],
  // 41003 and 41007 are seen on lo alone, translated already.
  "userspace-proxy": [
    "40001-40002 *7 | node-to-pod | node | pass",
    "41001-41002 41006 | userspace-proxy | external | pass",
    "41003 41007 | none | - | not applicable",
    "41004-41005 | userspace-proxy | pod | pass",
  ],
};
