title="two pods of one node with the same hostPort"
takes_part=(p1b)
any_sll=
cni0_options=(-p)

story() {
  cat <<'STORY'
p1a and p1b both ask for hostPort 9000 of node1; neither has a hostIP. The scheduler would not place them so, static pods and a runtime that
is asked directly can. portmap writes both rules, and the first one, p1a's, takes everything; nobody is told. p1b listens too, on 8080.

| source port | who asks | what | who serves | server sees | TTL |
| --- | --- | --- | --- | --- | --- |
| 41001, 41002, 41003 | client | 10.20.32.204:9000 | p1a | 198.51.100.79 | 62 |
| 41004 | p1b itself | 10.20.32.204:9000 | p1a | 10.233.1.1, port kept | 64 |
| 41005 | a process on node1 | 10.20.32.204:9000 | p1a | 10.20.32.204 | 64 |
| 41006 | client | 10.20.32.204:9001, which is p1b's alone | p1b | 198.51.100.79 | 62 |

A checker must find: the healthy picture of a hostPort for each, all of 9000 at p1a and none at p1b, and the conflict in the topology.
Besides the control requests to p1a, node1 asks p1b from 40101 and 40102, so p1b's captures ran and its server answered.
STORY
}

P1B_HOST_PORTS='[{"hostPort":9000,"containerPort":8080,"protocol":"tcp"},{"hostPort":9001,"containerPort":8080,"protocol":"tcp"}]'

start_servers() {
  serve_http p1a 8080
  serve_http p1b 8080
}

control() {
  http node1 "$1" 10.233.1.2:8080 10.233.1.1
  http node1 "$(($1 + 100))" 10.233.1.3:8080 10.233.1.1
}

traffic() {
  http client 41001 10.20.32.204:9000 198.51.100.79
  http client 41002 10.20.32.204:9000 198.51.100.79
  http client 41003 10.20.32.204:9000 198.51.100.79
  http p1b 41004 10.20.32.204:9000 10.233.1.1
  http node1 41005 10.20.32.204:9000 10.20.32.204
  http client 41006 10.20.32.204:9001 198.51.100.79
}
