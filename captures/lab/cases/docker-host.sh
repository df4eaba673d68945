source "$LAB_DIR/docker.sh"
title="a container with --net=host"

start_servers() {
  serve_http c1 80
  serve_http dock 8090
  serve_http client 80
}

extra_pods() {
  echo "  - { name: h1, node: dock, address: 10.20.32.206, hostNetwork: true, ports: [8090] }"
}

story() {
  cat <<'STORY'
The container h1 runs with `--net=host` and listens on port 8090 of dock. Nothing is translated for it, whoever asks.

| source port | who asks | what | server sees | TTL | seen on |
| --- | --- | --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.206:8090 | 198.51.100.79 | 63 | dock's eth0 |
| 41003 | a process on dock | 10.20.32.206:8090 | 10.20.32.206 | 64 | lo |
| 41004 | a process on dock | 127.0.0.1:8090 | 127.0.0.1 | 64 | lo |
| 41005 | c1 | 10.20.32.206:8090 | 172.17.0.2 | 64 | c1's eth0, its veth, docker0 |
| 41006 | c2 | 172.17.0.1:8090 | 172.17.0.3 | 64 | c2's eth0, its veth, docker0 |
| 41007 | h1 itself | the client machine's server, 198.51.100.79:80 | 10.20.32.206, port kept | 63 | dock's eth0 |

A checker must find: addresses and ports as dialled at every point.
STORY
}

traffic() {
  http client 41001 10.20.32.206:8090 198.51.100.79
  http client 41002 10.20.32.206:8090 198.51.100.79
  http dock 41003 10.20.32.206:8090 10.20.32.206
  http dock 41004 127.0.0.1:8090 127.0.0.1
  http c1 41005 10.20.32.206:8090 172.17.0.2
  http c2 41006 172.17.0.1:8090 172.17.0.3
  http dock 41007 198.51.100.79:80 10.20.32.206
}
