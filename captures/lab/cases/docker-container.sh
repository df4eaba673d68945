source "$LAB_DIR/docker.sh"
title="container to container on one bridge"

story() {
  cat <<'STORY'
c2 dials c1 by its own address. The bridge carries the frames from port to port; with bridge-nf-call-iptables = 1 they pass
FORWARD, whose policy is DROP and where Docker's `-i docker0 -o docker0 -j ACCEPT` (icc) lets them through. Nothing is
translated.

| source port | who asks | what | server sees | TTL |
| --- | --- | --- | --- | --- |
| 41001, 41002 | c2 | c1, 172.17.0.2:80 | 172.17.0.3, port kept | 64 |

A checker must find: c2's own address and port at c1, the same on both veths and on docker0; nothing on eth0 and lo. docker0 shows frames from port to port because tcpdump is promiscuous.
STORY
}

traffic() {
  http c2 41001 172.17.0.2:80 172.17.0.3
  http c2 41002 172.17.0.2:80 172.17.0.3
}
