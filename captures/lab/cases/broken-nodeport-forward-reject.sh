title="NodePort, broken: a rule in FORWARD rejects what comes from outside"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 endpoints=p1a

break_it() {
  on node1 iptables -I FORWARD -i eth0 -m conntrack --ctstate NEW -j REJECT --reject-with icmp-admin-prohibited
}

story() {
  cat <<'STORY'
As nodeport-cluster, after `iptables -I FORWARD -i eth0 -m conntrack --ctstate NEW -j REJECT --reject-with icmp-admin-prohibited` on node1, as
a host firewall does. The request is translated and then refused: ICMP administratively prohibited from 10.20.32.204.

| source port | who asks | what | answer |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:30080 | ICMP 3/13 from 10.20.32.204 |
| 41003 | p1b | 10.20.32.204:30080 | p1a sees 10.233.1.1, random port |

A checker must find: the SYN at node1's eth0 and nowhere behind it, and the ICMP error, which a Service with an endpoint does
not give.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30080 refused
  gap
  http client 41002 10.20.32.204:30080 refused
  gap
  http p1b 41003 10.20.32.204:30080 10.233.1.1
}
