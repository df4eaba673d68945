source "$LAB_DIR/docker.sh"
title="a published port without docker-proxy, broken: the host takes the connection and never answers"
userland_proxy=false
cni0_options=(-p)

break_it() {
  on dock iptables -t nat -F DOCKER
}

story() {
  cat <<'STORY'
As docker-published-no-proxy, after a firewall's reload, played by `iptables -t nat -F DOCKER`. The daemon holds port 8080 with a socket that
listens and never accepts, so the host's kernel completes the handshake and nothing more happens: it looks like a hanging application.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001 | client | 10.20.32.206:8080 | connected, no answer |
| 41002 | a process on dock | 127.0.0.1:8080 | connected, no answer; on lo |

A checker must find: handshake and request on eth0, acknowledged by dock itself (TTL 64 at its eth0), and nothing of it on docker0, c1's veth
and c1's eth0.
STORY
}

traffic() {
  http client 41001 10.20.32.206:8080 timeout
  http dock 41002 127.0.0.1:8080 timeout
}
