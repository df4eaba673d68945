title="hostPort from an external client, beside a Service of the same pod and port"
takes_part=(p1b)

story() {
  cat <<'STORY'
p1a:8080 is behind hostPort 9000 and behind a Service, NodePort 30080 and ClusterIP 10.96.0.50:80, with rules in the shape of
kube-proxy's iptables mode. Everything is healthy. Only 41001 and 41002 are hostPort connections; kube-proxy masquerades most of
the others, which is right for a Service and would be a fault for a hostPort.

| source port | who asks | pod sees |
| --- | --- | --- |
| 41001, 41002 | client, 10.20.32.204:9000 | 198.51.100.79 |
| 41003 | client, 10.20.32.204:30080 | 10.233.1.1, random port |
| 41004 | a process on node1, 127.0.0.1:30080 | 10.233.1.1, random port |
| 41005 | a process on node1, 10.20.32.204:30080 | 10.233.1.1, random port |
| 41006 | a process on node1, 10.96.0.50:80 | 10.233.1.1, random port |
| 41007 | p1b, 10.96.0.50:80 | 10.233.1.3 |
| 41008 | a process on node2, the pod's own address over the VXLAN | 10.233.2.0, node2's flannel.1 |
STORY
}

# Services are as old as the pod, so the rules are there before the first packet.
start_servers() {
  serve_http p1a 8080
  install_service_rules
}

# syncProxyRules, with names instead of hashes: one Service with one endpoint.
install_service_rules() {
  on node1 sysctl -qw net.ipv4.conf.all.route_localnet=1
  on node1 iptables-restore --noflush <<'RULES'
*nat
:KUBE-SERVICES - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-EXT-WEB - [0:0]
:KUBE-SVC-WEB - [0:0]
:KUBE-SEP-WEB - [0:0]
-I PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-I OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-I POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-SERVICES -d 10.96.0.50/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-SVC-WEB
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-NODEPORTS -p tcp -m comment --comment "default/web" -m tcp --dport 30080 -j KUBE-EXT-WEB
-A KUBE-EXT-WEB -m comment --comment "masquerade traffic for default/web external destinations" -j KUBE-MARK-MASQ
-A KUBE-EXT-WEB -j KUBE-SVC-WEB
-A KUBE-SVC-WEB ! -s 10.233.0.0/16 -d 10.96.0.50/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
-A KUBE-SVC-WEB -m comment --comment "default/web -> 10.233.1.2:8080" -j KUBE-SEP-WEB
-A KUBE-SEP-WEB -s 10.233.1.2/32 -m comment --comment "default/web" -j KUBE-MARK-MASQ
-A KUBE-SEP-WEB -p tcp -m comment --comment "default/web" -m tcp -j DNAT --to-destination 10.233.1.2:8080
-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
COMMIT
RULES
}

traffic() {
  http client 41001 10.20.32.204:9000 198.51.100.79
  http client 41002 10.20.32.204:9000 198.51.100.79
  http client 41003 10.20.32.204:30080 10.233.1.1
  http node1 41004 127.0.0.1:30080 10.233.1.1
  http node1 41005 10.20.32.204:30080 10.233.1.1
  http node1 41006 10.96.0.50:80 10.233.1.1
  http p1b 41007 10.96.0.50:80 10.233.1.3
  http node2 41008 10.233.1.2:8080 10.233.2.0
}
