source "$LAB_DIR/docker.sh"
title="a container dials a server outside"

story() {
  cat <<'STORY'
The client machine runs a server, 198.51.100.79:80, and both containers dial it. Docker masquerades what leaves its subnet by another
interface than docker0; unlike flannel's, its rule keeps the port when it is free. c2's second request comes from the port
that c1 had used: c1's conntrack entry outlives its connection, so the kernel finds c2 another.

| source port | who asks | what | server sees | TTL |
| --- | --- | --- | --- | --- |
| 41001 | c1 | 198.51.100.79:80 | 10.20.32.206, port kept | 62 |
| 41002 | c2 | 198.51.100.79:80 | 10.20.32.206, port kept | 62 |
| 41001 | c2 | 198.51.100.79:80 | 10.20.32.206, another port: 41001 is taken by c1's | 62 |
| 41003 | a process on dock | 198.51.100.79:80 | 10.20.32.206, port kept | 63 |

A checker must find: the container's address on its eth0, its veth and docker0, and dock's on eth0 and at the server; a changed port is no
fault.
STORY
}

start_servers() {
  serve_http c1 80
  serve_http client 80
}

traffic() {
  http c1 41001 198.51.100.79:80 10.20.32.206
  http c2 41002 198.51.100.79:80 10.20.32.206
  http c2 41001 198.51.100.79:80 10.20.32.206
  http dock 41003 198.51.100.79:80 10.20.32.206
}
