title="NodePort with externalTrafficPolicy Local, broken: the rules are those of Cluster"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 external_policy=Local endpoints=p1a

# Rules from before the policy was changed.
break_it() {
  local node
  SERVICE[default/web.external_policy]=Cluster
  for node in node1 node2; do
    on "$node" iptables -t nat -F "$(chain EXT default/web)"
    nat_rules "$node" default/web | grep "^-A $(chain EXT default/web) " | { echo "*nat"; cat; echo COMMIT; } |
      on "$node" iptables-restore --noflush
    on "$node" iptables -F KUBE-EXTERNAL-SERVICES
  done
  SERVICE[default/web.external_policy]=Local
}

story() {
  cat <<'STORY'
As nodeport-local, but the KUBE-EXT chain on both nodes is still that of externalTrafficPolicy Cluster: it masquerades everybody, and
node2, which has no endpoint, serves too. Every request is answered; what is lost is the client's address.

| source port | who asks | what | pod sees | should be |
| --- | --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.204:30080 | p1a: 10.233.1.1, random port | 198.51.100.79, port kept |
| 41003 | p1b | 10.20.32.204:30080 | p1a: 10.233.1.1, random port | 10.233.1.3, port kept |
| 41004 | client | 10.20.32.205:30080 | p1a: 10.233.2.0, random port | nobody: silence |

A checker must find: a masquerade that policy Local forbids, on 41001 and 41002, and an answer from node2 that should not be.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30080 10.233.1.1
  http client 41002 10.20.32.204:30080 10.233.1.1
  http p1b 41003 10.20.32.204:30080 10.233.1.1
  http client 41004 10.20.32.205:30080 10.233.2.0
}
