/**
 * Every broken twin, connection by connection, as its README tells the story: who dials by which source port,
 * which scenario that is, and what is to be said of it. How to read a row: replay-stories.ts.
 */
// prettier-ignore
export const BROKEN: Readonly<Record<string, readonly string[]>> = {
  "broken-answers-dropped": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001 | clusterip | pod | pass",
    "41002-41003 | clusterip | pod | data arrives PC020",
  ],
  "broken-clusterip-dead-endpoint": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | clusterip | - | delivered PC025",
    "41004 | clusterip | pod | pass",
  ],
  "broken-clusterip-no-bridge-nf": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | clusterip | pod | answered PC028, reply translated back PC028",
    "41003 | clusterip | pod | pass",
  ],
  "broken-clusterip-other-endpoint": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | clusterip | pod | destination translated PC021, seen at every point it must cross PC021",
    "41003 | nodeport-cluster | external | destination translated PC021, seen at every point it must cross PC021",
    "41004 | nodeport-cluster | external | pass",
  ],
  // * begin in mid-connection, without an entry: other connections to whoever looks at them.
  "broken-conntrack-entry-lost": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001 | nodeport-cluster | external | pass",
    "41002 | nodeport-cluster | external | data arrives PC020",
    "*1 | clusterip or node-to-pod or nodeport-cluster or nodeport-local | node | inconclusive",
    "41003 | nodeport-local | external | data arrives PC020",
    "*1 | none | - | not applicable",
    "41004 | nodeport-local | external | pass",
  ],
  "broken-docker-container-icc": [
    "40001-40002 *1 | node-to-pod | node | pass",
    "41001-41002 | docker-container | container | delivered PC030, answered PC030",
    "41003 | docker-published | container | pass",
    "41004 | docker-published | external | pass",
  ],
  "broken-docker-egress-no-masquerade": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | docker-egress | container | source masqueraded PC024, reply translated back PC029",
    "41003 | none | - | not applicable",
  ],
  "broken-docker-forward-drop": [
    "40001-40002 *1 | node-to-pod | node | pass",
    "41001-41002 | docker-published | external | delivered PC030, answered PC030",
    "41003 | docker-container | container | delivered PC030, answered PC030",
    "41004 | docker-egress | container | answered PC030",
    "41005 | docker-published | own-address | pass",
    "41006 | docker-published | container | pass",
  ],
  "broken-docker-published-held-port": [
    "40001-40002 | node-to-pod | node | pass",
    "41001 | docker-published | external | destination translated PC022, delivered PC022",
    "41002 | docker-published | localhost | destination translated PC022, seen at every point it must cross PC022",
  ],
  // * are the resets on lo, whose source is never translated back.
  "broken-docker-published-no-dnat": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | docker-published | external | destination translated PC022, delivered PC022, answered PC022",
    "41003 | docker-published | own-address | destination translated PC022, delivered PC022, answered PC022, seen at every point it must cross PC022",
    "*2 | none | - | not applicable",
    "41004 | docker-published | localhost | answered PC027",
    "41005 | docker-published | container | answered PC027",
    "41006 | docker-container | container | pass",
  ],
  "broken-docker-published-through-proxy": [
    "40001-40002 *3 | node-to-pod | node | pass",
    "41001-41002 | docker-published | external | destination translated PC022, delivered PC022",
    "41003 | docker-published | own-address | destination translated PC022, seen at every point it must cross PC022",
  ],
  "broken-egress-no-masquerade": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | pod-egress | pod | source masqueraded PC024, reply translated back PC029",
    "41003 | pod-egress | pod | pass",
    "41004 | none | - | not applicable",
  ],
  "broken-endpoint-choice": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "43001-43060 | nodeport-cluster | external | pass",
    "across | endpoint choice fail PC034",
  ],
  "broken-externalip-not-handled": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | externalip | external | destination translated PC022, delivered PC022",
    "41003 | externalip | pod | destination translated PC022, source masqueraded PC022, delivered PC022, answered PC022, seen at every point it must cross PC022",
  ],
  "broken-extra-masquerade": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | source kept PC001",
  ],
  "broken-forward-drop": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | delivered PC009, answered PC009",
  ],
  "broken-hairpin-off": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-hairpin | hairpin | delivered PC008, answered PC008",
  ],
  "broken-hairpin-off-promisc": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-hairpin | hairpin | source masqueraded PC004, answered PC012",
  ],
  // * is the reset on lo.
  "broken-hostnetwork-nothing-listening": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostnetwork-external | external | answered PC019",
    "41003 | hostnetwork-node | other-node | answered PC027",
    "41004 | hostnetwork-pod | pod-same-node | answered PC027",
    "41005 | hostnetwork-node | own-address | answered PC027",
    "*1 | none | - | not applicable",
  ],
  // The controls look like connections of the proxy. 41003 is a pod, of which ingress has no row.
  "broken-ingress-endpoint-down": [
    "40001-40002 *3 | ingress | node | answered PC027",
    "41001-41002 | ingress | external | pass",
    "41003 | ingress | pod-same-node | pass",
  ],
  "broken-large-packets-dropped": [
    "40001-40002 | node-to-pod | node | pass",
    "41001 | hostport-external | external | pass",
    "41002 | hostport-external | external | data arrives PC020",
  ],
  "broken-localhost-no-masquerade": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-localhost | localhost | source masqueraded PC003, answered PC012",
  ],
  "broken-no-dnat": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | destination translated to the pod PC005, delivered PC005, answered PC005",
  ],
  "broken-nodeport-forward-reject": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | nodeport-cluster | external | delivered PC026, answered PC026",
    "41003 | nodeport-cluster | pod-same-node | pass",
  ],
  "broken-nodeport-local-as-cluster": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | nodeport-local | external | source kept PC023",
    "41003 | nodeport-local | pod-same-node | source kept PC023",
    "41004 | nodeport-local | external | dropped PC031",
  ],
  "broken-nodeport-no-masquerade": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | nodeport-cluster | external | source masqueraded PC024, reply translated back PC028, seen at every point it must cross PC033",
    "41003 | nodeport-cluster | external | source masqueraded PC024",
    "41004 | nodeport-cluster | localhost | source masqueraded PC024, answered PC030",
  ],
  "broken-nothing-listening": [
    "40001-40002 | node-to-pod | node | answered PC027",
    "41001-41002 | hostport-external | external | answered PC010",
  ],
  "broken-overlay-down": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001 | pod-to-pod | pod | delivered PC030, answered PC030",
    "41002 | pod-to-pod | pod | reply translated back PC029",
    "41003 | node-to-pod | node | delivered PC030, answered PC030",
  ],
  "broken-pod-to-pod-masqueraded": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | pod-to-pod | pod | source kept PC023",
    "41003 | pod-to-pod | pod | pass",
  ],
  "broken-pod-to-pod-mtu": [
    "40001-40002 | node-to-pod | node | pass",
    "41001 | pod-to-pod | pod | pass",
    "41002 | pod-to-pod | pod | data arrives PC020",
  ],
  "broken-return-route": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "41001-41002 | nodeport-cluster | external | reply translated back PC029, seen at every point it must cross PC033",
    "41003 | clusterip | pod | reply translated back PC029, seen at every point it must cross PC033",
    "41004 | nodeport-cluster | external | pass",
  ],
  "broken-session-affinity": [
    "40001-40002 40101-40102 | node-to-pod | node | pass",
    "43001-43012 | session-affinity | external | pass",
    "across | session affinity fail PC035",
  ],
  "broken-shared-network-nothing-listening": [
    "40001-40002 | node-to-pod | node | pass",
    "41001 | shared-network | pod | pass",
    "41002-41003 | shared-network | pod | answered PC027",
  ],
  // * is the reset as the bridge shows it.
  "broken-sidecar-bypassed": [
    "40001-40002 | sidecar-redirect | node | pass",
    "41003 | sidecar-redirect | pod | pass",
    "41002 | hostport-external | external | pass",
    "41001 41004 | shared-network | pod | pass",
    "across | second connection fail PC038",
  ],
  "broken-sidecar-not-listening": [
    "40001-40002 | node-to-pod | node | pass",
    "41001-41002 | hostport-external | external | answered PC010",
    "41003 | sidecar-redirect | pod | answered PC027",
    "*1 | pod-to-pod | pod | inconclusive",
    "41004 | shared-network | pod | pass",
  ],
  "broken-udp-replies-dropped": [
    "40001-40002 | node-to-pod | node | pass",
    "42000-42001 | hostport-external | external | pass",
    "42002 | hostport-external | external | reply translated back PC014",
  ],
  // 40001 asks p1a before it is replaced; the topology is of afterwards.
  "broken-udp-stale-conntrack": [
    "40001 | node-to-pod | - | inconclusive",
    "42001 | hostport-external | external | destination translated to the pod PC006, delivered PC006",
    "42002 | hostport-external | external | pass",
    "40002 | node-to-pod | node | pass",
  ],
};
