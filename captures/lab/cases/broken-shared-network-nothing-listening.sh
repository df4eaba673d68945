title="two containers in one pod's network namespace, broken: nothing listens"
any_sll=
pod_lo=(p1a)
HOST_PORTS='[]'

story() {
  cat <<'STORY'
p1a has two containers: one serves port 8080, the other (p1a-helper in topology.yaml) dials it, and port 8088 by mistake, where nobody
listens. They share the pod's network namespace, so both the SYN and the RST are on the pod's lo and nowhere else.

| source port | who asks | what | what becomes of it | seen on |
| --- | --- | --- | --- | --- |
| 41001 | the other container | 127.0.0.1:8080 | answered; the server sees 127.0.0.1 | p1a's lo |
| 41002 | the other container | 127.0.0.1:8088 | RST | p1a's lo |
| 41003 | the other container | 10.233.1.2:8088, the pod's own address | RST | p1a's lo |

A checker must find: 41001 healthy; 41002 and 41003 refused by the pod's own stack, with nothing wrong in the network.
STORY
}

extra_pods() {
  echo "  - { name: p1a-helper, node: node1, address: 10.233.1.2, sharesNetworkOf: p1a }"
}

traffic() {
  http p1a 41001 127.0.0.1:8080 127.0.0.1
  http p1a 41002 127.0.0.1:8088 refused
  http p1a 41003 10.233.1.2:8088 refused
}
