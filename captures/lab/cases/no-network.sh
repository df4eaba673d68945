source "$LAB_DIR/docker.sh"
title="a container without a network (--net=none)"
pod_lo=(n1)

story() {
  cat <<'STORY'
The container n1 runs with `--net=none`: its namespace has lo and nothing else. It talks to itself and to nobody.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001, 41002 | n1 | 127.0.0.1:80 | answered; the server sees 127.0.0.1, TTL 64 |
| 41003 | n1 | 10.20.32.206:8080, c1's published port | "network is unreachable" at once, no packet |
| 41004 | n1 | 172.17.0.2:80, c1 | the same |

A checker must find: 41001 and 41002 on pod-n1.lo.pcap and nowhere else; of 41003 and 41004 no packet at any point. topology.yaml names n1 with
its only address, 127.0.0.1, and `network: none`.
STORY
}

start_servers() {
  serve_http c1 80
  make_namespace n1
  serve_http n1 80
}

extra_pods() {
  echo "  - { name: n1, node: dock, address: 127.0.0.1, network: none }"
}

traffic() {
  http n1 41001 127.0.0.1:80 127.0.0.1
  http n1 41002 127.0.0.1:80 127.0.0.1
  http n1 41003 10.20.32.206:8080 refused
  http n1 41004 172.17.0.2:80 refused
}
