title="externalIP, broken: the node it is routed to has no rule for it"
service_case
service default/web cluster_ip=10.96.0.10 external_ips=203.0.113.10 endpoints=p1a

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
  SERVICE[default/web.external_ips]=
  run_kube_proxy node1
  run_kube_proxy node2
  SERVICE[default/web.external_ips]=203.0.113.10
}
break_it() { ip -n "$LAB-router" route add 203.0.113.0/24 via 10.20.32.204; }

story() {
  cat <<'STORY'
As externalip, but the rules are from before the Service got its externalIP. The router sends 203.0.113.10 to node1, node1 has no rule and
no such address and sends it on by its default route, to the router: each SYN goes round between the two until its TTL is used up.
p1b's goes to the router as well, masqueraded by flannel, and comes back with node1's own address as source: dropped.

| source port | who asks | what | pod sees | what the client gets |
| --- | --- | --- | --- | --- |
| 41001, 41002 | client | 203.0.113.10:80 | nobody | ICMP time exceeded, so no route to host |
| 41003 | p1b | 203.0.113.10:80 | nobody | nothing |

A checker must find: the externalIP untranslated on node1's eth0, in and out again, where node1 should have translated it.
STORY
}

traffic() {
  http client 41001 203.0.113.10:80 refused
  gap
  http client 41002 203.0.113.10:80 refused
  gap
  http p1b 41003 203.0.113.10:80 timeout
}
