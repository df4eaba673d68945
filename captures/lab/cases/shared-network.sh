title="two containers in one pod's network namespace"
any_sll=
pod_lo=(p1a)
HOST_PORTS='[]'

story() {
  cat <<'STORY'
p1a has two containers: one serves port 8080, the other (p1a-helper in topology.yaml) dials it. They share the pod's network namespace, as
containers with `--net=container:NAME` do, so what they say to each other is on the pod's lo and nowhere else.

| source port | who asks | what | server sees | TTL | seen on |
| --- | --- | --- | --- | --- | --- |
| 41001, 41002 | the other container | 127.0.0.1:8080 | 127.0.0.1 | 64 | p1a's lo |
| 41003, 41004 | the other container | 10.233.1.2:8080, the pod's own address | 10.233.1.2 | 64 | p1a's lo |

A checker must find: all four on pod-p1a.lo.pcap alone; p1a's eth0, its veth and cni0 show the control requests only. Without a capture of the
pod's lo this traffic cannot be seen, and that it is missing elsewhere is no fault.
STORY
}

extra_pods() {
  echo "  - { name: p1a-helper, node: node1, address: 10.233.1.2, sharesNetworkOf: p1a }"
}

traffic() {
  http p1a 41001 127.0.0.1:8080 127.0.0.1
  http p1a 41002 127.0.0.1:8080 127.0.0.1
  http p1a 41003 10.233.1.2:8080 10.233.1.2
  http p1a 41004 10.233.1.2:8080 10.233.1.2
}
