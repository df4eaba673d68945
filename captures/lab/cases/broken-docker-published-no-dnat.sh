source "$LAB_DIR/docker.sh"
title="a published port, broken: the destination is not translated"
daemon_runs=

break_it() {
  on dock iptables -t nat -F DOCKER
}

story() {
  cat <<'STORY'
As docker-published, with the daemon down (`live-restore` keeps the containers; docker-proxy ends with it) and after a firewall's reload,
played by `iptables -t nat -F DOCKER`. c1 runs and listens, nobody leads to it.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.206:8080 | RST from dock, TTL 64 at its eth0, 63 at the client |
| 41003 | a process on dock | 10.20.32.206:8080 | RST on lo |
| 41004 | a process on dock | 127.0.0.1:8080 | RST on lo |
| 41005 | c2 | 10.20.32.206:8080 | RST from dock, on docker0 |
| 41006 | c2 | c1 itself, 172.17.0.2:80 | answered; the server sees 172.17.0.3 |

A checker must find: dock itself refuses; the client's SYN is on eth0 and not on docker0, c1's veth or c1's eth0.
STORY
}

traffic() {
  http client 41001 10.20.32.206:8080 refused
  http client 41002 10.20.32.206:8080 refused
  http dock 41003 10.20.32.206:8080 refused
  http dock 41004 127.0.0.1:8080 refused
  http c2 41005 10.20.32.206:8080 refused
  http c2 41006 172.17.0.2:80 172.17.0.3
}
