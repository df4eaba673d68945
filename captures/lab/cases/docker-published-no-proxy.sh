source "$LAB_DIR/docker.sh"
title="a published port, without docker-proxy (hairpin mode)"
userland_proxy=false
cni0_options=(-p)

story() {
  cat <<'STORY'
As docker-published, with `userland-proxy: false` in daemon.json: rules translate for everybody, docker0 has route_localnet, its
ports are in hairpin mode, and what dock's own processes send out by docker0 is masqueraded. The daemon still listens on 8080, to hold
the port, and never accepts.

| source port | who asks | what | server sees | TTL |
| --- | --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.206:8080 | 198.51.100.79, port kept | 62 |
| 41003 | a process on dock | 10.20.32.206:8080 | 172.17.0.1, port kept | 64 |
| 41004 | a process on dock | 172.17.0.1:8080 | 172.17.0.1, port kept | 64 |
| 41005 | a process on dock | 127.0.0.1:8080 | 172.17.0.1, port kept | 64 |
| 41006 | c2 | 10.20.32.206:8080 | 172.17.0.3, port kept | 64 |
| 41007 | c1 itself | 10.20.32.206:8080 | 172.17.0.1, port kept | 64 |

A checker must find: one connection each and no second one; nothing on lo. The answer to c2 is translated back while it is bridged, which
needs bridge-nf-call-iptables = 1. docker0 shows nothing of 41006 and 41007, whose frames go translated from port to port past its tap;
`dock.any.pcap` and the veths show them on both sides of the translation.
STORY
}

traffic() {
  http client 41001 10.20.32.206:8080 198.51.100.79
  http client 41002 10.20.32.206:8080 198.51.100.79
  http dock 41003 10.20.32.206:8080 172.17.0.1
  http dock 41004 172.17.0.1:8080 172.17.0.1
  http dock 41005 127.0.0.1:8080 172.17.0.1
  http c2 41006 10.20.32.206:8080 172.17.0.3
  http c1 41007 10.20.32.206:8080 172.17.0.1
}
