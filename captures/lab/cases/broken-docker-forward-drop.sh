source "$LAB_DIR/docker.sh"
title="a published port, broken: FORWARD drops it"
connect_seconds=2

start_servers() {
  serve_http c1 80
  serve_http client 80
}

break_it() {
  on dock iptables -F FORWARD
}

story() {
  cat <<'STORY'
As docker-published, after `iptables -F FORWARD` on dock: the policy DROP that the daemon set is still there, its rules that accept are not.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001, 41002 | client | 10.20.32.206:8080 | timeout; SYN at dock's eth0 only |
| 41003 | c2 | c1, 172.17.0.2:80 | timeout; SYN at c2's eth0, its veth and docker0, not at c1's veth |
| 41004 | c1 | 198.51.100.79:80 | timeout; SYN at c1's eth0, its veth and docker0, not at dock's eth0 |
| 41005 | a process on dock | 10.20.32.206:8080 | answered; the server sees 10.20.32.206 |
| 41006 | c2 | 10.20.32.206:8080 | answered by docker-proxy; the server sees 172.17.0.1 |

A checker must find: what is forwarded or bridged is lost in dock without a word, what dock itself sends or takes is not. Only the policy's
counter in dock.iptables-save.txt says who did it.
STORY
}

traffic() {
  http client 41001 10.20.32.206:8080 timeout
  http client 41002 10.20.32.206:8080 timeout
  http c2 41003 172.17.0.2:80 timeout
  http c1 41004 198.51.100.79:80 timeout
  http dock 41005 10.20.32.206:8080 10.20.32.206
  http c2 41006 10.20.32.206:8080 172.17.0.1
}
