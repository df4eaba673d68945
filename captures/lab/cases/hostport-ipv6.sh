title="hostPort and ClusterIP over IPv6"
source "$LAB_DIR/ipv6.sh"

story() {
  cat <<'STORY'
A cluster of IPv6 alone: the client asks node1's hostPort 9000, p1b and p1a itself ask the ClusterIP of the Service whose endpoint p1a is, and p1a the hostPort.
Rules are ip6tables': portmap's own, kube-proxy's by hand.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001, 41002 | client | [fd00:20:32::204]:9000 | 2001:db8:64::4f, hop limit 62 |
| 41003, 41004 | p1b | [fd00:96::10]:80 | p1b |
| 41005 | p1a | [fd00:96::10]:80 | cni0's address, random port |
| 41006 | p1a | [fd00:20:32::204]:9000 | cni0's address, port kept |
| 41007 | p1b | [2001:db8:64::4f]:80, outside | node1's address, random port |

A checker must find: seven connections, each at every point that it passes.
STORY
}

control() {
  http node1 "$1" "[$(pod_address p1a)]:8080" "$GATEWAY"
}
control_note() {
  echo "Control: one request from node1 itself straight to the pod before the client's and one after, from source ports 40001 and 40002."
}
GATEWAY="[fd00:0233:0001:0000:0000:0000:0000:0001]"

extra_topology() {
  echo "services:"
  echo "  - name: default/web"
  echo "    clusterIPs: [\"fd00:96::10\"]"
  echo "    ports: [{ port: 80, targetPort: 8080 }]"
  echo "    endpoints: [{ pod: p1a }]"
  echo "kubeProxy: {}"
}

start_servers() {
  local svc sep
  svc=KUBE-SVC-$(chain_hash default/webtcp)
  sep=KUBE-SEP-$(chain_hash "default/webtcp[$(pod_address p1a)]:8080")
  serve_http p1a 8080
  serve_http client 80
  on node1 ip6tables-restore --noflush <<RULES
*nat
:KUBE-SERVICES - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-MARK-MASQ - [0:0]
:$svc - [0:0]
:$sep - [0:0]
-I OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-I PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-I POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-SERVICES -d fd00:96::10/128 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j $svc
-A $svc ! -s $CLUSTER_CIDR -d fd00:96::10/128 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
-A $svc -m comment --comment "default/web -> [$(pod_address p1a)]:8080" -j $sep
-A $sep -s $(pod_address p1a)/128 -m comment --comment default/web -j KUBE-MARK-MASQ
-A $sep -p tcp -m comment --comment default/web -m tcp -j DNAT --to-destination [$(pod_address p1a)]:8080
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
COMMIT
RULES
}

traffic() {
  http client 41001 "[fd00:20:32::204]:9000" "[2001:0db8:0064:0000:0000:0000:0000:004f]"
  http client 41002 "[fd00:20:32::204]:9000" "[2001:0db8:0064:0000:0000:0000:0000:004f]"
  http p1b 41003 "[fd00:96::10]:80" "[fd00:0233:0001:0000:0000:0000:0000:0003]"
  http p1b 41004 "[fd00:96::10]:80" "[fd00:0233:0001:0000:0000:0000:0000:0003]"
  http p1a 41005 "[fd00:96::10]:80" "$GATEWAY"
  http p1a 41006 "[fd00:20:32::204]:9000" "$GATEWAY"
  http p1b 41007 "[2001:db8:64::4f]:80" "[fd00:0020:0032:0000:0000:0000:0000:0204]"
}
