title="hostPort from an external client, broken: nothing listens in the pod"

start_servers() { :; }
control() { http node1 "$1" "$(pod_address p1a):8080" refused; }

story() {
  cat <<'STORY'
As hostport-external (source ports 41001, 41002), but p1a runs no server. The SYN reaches the pod with its source; the pod
answers RST, which the client gets from 10.20.32.204:9000 with TTL 62. The control requests are refused too.
STORY
}

traffic() {
  http client 41001 10.20.32.204:9000 refused
  gap
  http client 41002 10.20.32.204:9000 refused
}
