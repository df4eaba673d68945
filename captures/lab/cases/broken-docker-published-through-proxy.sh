source "$LAB_DIR/docker.sh"
title="a published port, broken: docker-proxy serves what rules should translate"

break_it() {
  on dock iptables -t nat -F DOCKER
}

story() {
  cat <<'STORY'
As docker-published, after a firewall's reload, played by `iptables -t nat -F DOCKER`. The daemon and docker-proxy run, so everybody is
answered, and c1 takes every client for its own host: address filters and access logs in it are wrong.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.206:8080 | answered by docker-proxy; the server sees 172.17.0.1, random port, TTL 64 |
| 41003 | a process on dock | 10.20.32.206:8080 | the same; first connection on lo |

A checker must find: the client's connection ends on dock (answers with TTL 64 at its eth0), and docker0 shows another one from 172.17.0.1 with an
initial sequence number of its own. docker-published shows how it should be: one connection, source 198.51.100.79.
STORY
}

traffic() {
  http client 41001 10.20.32.206:8080 172.17.0.1
  http client 41002 10.20.32.206:8080 172.17.0.1
  http dock 41003 10.20.32.206:8080 172.17.0.1
}
