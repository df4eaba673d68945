title="Services through kube-proxy's userspace mode"
takes_part=(p1b node2 p2a)
any_sll=
HOST_PORTS='[]'

story() {
  cat <<'STORY'
kube-proxy in userspace mode (Kubernetes up to 1.25) sends every packet for a Service to a port of its own and dials the endpoint itself; socat
plays it. default/web (ClusterIP 10.96.0.50:80, NodePort 30080) has the endpoint p1a and the proxy port 37321, default/far (10.96.0.51:80,
30081) has p2a and 37322.

| source port | who asks | what | first connection arrives at | server sees | TTL |
| --- | --- | --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:30080 | 10.20.32.204:37321 (REDIRECT) | 10.233.1.1, random port | 64 |
| 41003 | a process on node1 | 10.96.0.50:80 | 10.20.32.204:37321 on lo (DNAT) | 10.233.1.1, random port | 64 |
| 41004 | p1b | 10.96.0.50:80 | 10.233.1.1:37321 (REDIRECT) | 10.233.1.1, random port | 64 |
| 41005 | p1a itself | 10.96.0.50:80 | 10.233.1.1:37321 (REDIRECT) | 10.233.1.1, random port | 64 |
| 41006 | client | 10.20.32.204:30081 | 10.20.32.204:37322 (REDIRECT) | p2a: 10.233.1.0, random port | 63 |
| 41007 | a process on node1 | 127.0.0.1:30080 | 10.20.32.204:37321 on lo (DNAT) | 10.233.1.1, random port | 64 |

A checker must find: two connections for each request, the client's address lost in between by design. On eth0 and the veths the first has the
address that was dialled; cni0, behind br_netfilter, shows p1b's and p1a's requests redirected already; lo shows what node1 sent after the
DNAT.
STORY
}

extra_topology() {
  echo "services:"
  echo "  - name: default/web"
  echo "    clusterIPs: [10.96.0.50]"
  echo "    ports: [{ name: http, port: 80, targetPort: 8080, nodePort: 30080 }]"
  echo "    endpoints: [{ pod: p1a }]"
  echo "  - name: default/far"
  echo "    clusterIPs: [10.96.0.51]"
  echo "    ports: [{ name: http, port: 80, targetPort: 8080, nodePort: 30081 }]"
  echo "    endpoints: [{ pod: p2a }]"
  echo "kubeProxy: { mode: userspace, version: \"1.20\" }"
}

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
  relay node1 37321 10.233.1.2:8080
  relay node1 37322 10.233.2.2:8080
  install_userspace_rules
}

# Kubernetes 1.20 pkg/proxy/userspace/proxier.go: iptablesInit, openOnePortal, openNodePort.
install_userspace_rules() {
  on node1 iptables-restore --noflush <<'RULES'
*nat
:KUBE-PORTALS-CONTAINER - [0:0]
:KUBE-PORTALS-HOST - [0:0]
:KUBE-NODEPORT-CONTAINER - [0:0]
:KUBE-NODEPORT-HOST - [0:0]
-I PREROUTING -m comment --comment "handle ClusterIPs; NOTE: this must be before the NodePort rules" -j KUBE-PORTALS-CONTAINER
-I OUTPUT -m comment --comment "handle ClusterIPs; NOTE: this must be before the NodePort rules" -j KUBE-PORTALS-HOST
-A PREROUTING -m addrtype --dst-type LOCAL -m comment --comment "handle service NodePorts; NOTE: this must be the last rule in the chain" -j KUBE-NODEPORT-CONTAINER
-A OUTPUT -m addrtype --dst-type LOCAL -m comment --comment "handle service NodePorts; NOTE: this must be the last rule in the chain" -j KUBE-NODEPORT-HOST
-A KUBE-PORTALS-CONTAINER -d 10.96.0.50/32 -p tcp -m comment --comment "default/web:http" -m tcp --dport 80 -j REDIRECT --to-ports 37321
-A KUBE-PORTALS-CONTAINER -d 10.96.0.51/32 -p tcp -m comment --comment "default/far:http" -m tcp --dport 80 -j REDIRECT --to-ports 37322
-A KUBE-PORTALS-HOST -d 10.96.0.50/32 -p tcp -m comment --comment "default/web:http" -m tcp --dport 80 -j DNAT --to-destination 10.20.32.204:37321
-A KUBE-PORTALS-HOST -d 10.96.0.51/32 -p tcp -m comment --comment "default/far:http" -m tcp --dport 80 -j DNAT --to-destination 10.20.32.204:37322
-A KUBE-NODEPORT-CONTAINER -p tcp -m comment --comment "default/web:http" -m tcp --dport 30080 -j REDIRECT --to-ports 37321
-A KUBE-NODEPORT-CONTAINER -p tcp -m comment --comment "default/far:http" -m tcp --dport 30081 -j REDIRECT --to-ports 37322
-A KUBE-NODEPORT-HOST -p tcp -m comment --comment "default/web:http" -m tcp --dport 30080 -j DNAT --to-destination 10.20.32.204:37321
-A KUBE-NODEPORT-HOST -p tcp -m comment --comment "default/far:http" -m tcp --dport 30081 -j DNAT --to-destination 10.20.32.204:37322
COMMIT
*filter
:KUBE-NODEPORT-NON-LOCAL - [0:0]
-I INPUT -m comment --comment "Ensure that non-local NodePort traffic can flow" -j KUBE-NODEPORT-NON-LOCAL
-A KUBE-NODEPORT-NON-LOCAL -p tcp -m comment --comment "default/web:http" -m tcp --dport 37321 -m state --state NEW -j ACCEPT
-A KUBE-NODEPORT-NON-LOCAL -p tcp -m comment --comment "default/far:http" -m tcp --dport 37322 -m state --state NEW -j ACCEPT
COMMIT
RULES
}

traffic() {
  http client 41001 10.20.32.204:30080 10.233.1.1
  http client 41002 10.20.32.204:30080 10.233.1.1
  http node1 41003 10.96.0.50:80 10.233.1.1
  http p1b 41004 10.96.0.50:80 10.233.1.1
  http p1a 41005 10.96.0.50:80 10.233.1.1
  http client 41006 10.20.32.204:30081 10.233.1.0
  http node1 41007 127.0.0.1:30080 10.233.1.1
}
