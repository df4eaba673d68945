source "$LAB_DIR/docker.sh"
title="a container dials a server outside, broken: its address is not translated"
connect_seconds=2

start_servers() {
  serve_http c1 80
  serve_http client 80
}

break_it() {
  on dock iptables -t nat -D POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
}

story() {
  cat <<'STORY'
As docker-egress, after `iptables -t nat -D POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE` on dock.

| source port | who asks | what | outcome |
| --- | --- | --- | --- |
| 41001 | c1 | 198.51.100.79:80 | timeout |
| 41002 | c2 | 198.51.100.79:80 | timeout |
| 41003 | a process on dock | 198.51.100.79:80 | answered; the server sees 10.20.32.206, port kept |

A checker must find: 172.17.0.2 and 172.17.0.3 on dock's eth0 and at the server. The server answers them, the router does not know the way
(ICMP 3/0 to the server), dock's eth0 shows no answer.
STORY
}

traffic() {
  http c1 41001 198.51.100.79:80 timeout
  http c2 41002 198.51.100.79:80 timeout
  http dock 41003 198.51.100.79:80 10.20.32.206
}
