source "$LAB_DIR/docker.sh"
title="container to container, broken: dropped on the bridge"
icc=false
connect_seconds=2

story() {
  cat <<'STORY'
As docker-container, with `icc: false` in daemon.json: the last rule in FORWARD drops what goes from docker0 to docker0.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001, 41002 | c2 | c1, 172.17.0.2:80 | timeout; SYN at c2's eth0, its veth and docker0, not at c1's veth |
| 41003 | c2 | 10.20.32.206:8080 | answered by docker-proxy; the server sees 172.17.0.1, random port |
| 41004 | client | 10.20.32.206:8080 | answered; the server sees 198.51.100.79 |

A checker must find: 41001 and 41002 are lost between docker0's ports, by br_netfilter's FORWARD (with bridge-nf-call-iptables = 0 they
would get through); the published port is not affected.
STORY
}

traffic() {
  http c2 41001 172.17.0.2:80 timeout
  http c2 41002 172.17.0.2:80 timeout
  http c2 41003 10.20.32.206:8080 172.17.0.1
  http client 41004 10.20.32.206:8080 198.51.100.79
}
