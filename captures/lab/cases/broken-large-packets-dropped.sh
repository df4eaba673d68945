title="hostPort from an external client, broken: a rule in FORWARD drops large packets"

break_it() {
  on node1 iptables -I FORWARD -i eth0 -o cni0 -m length --length 500:65535 -j DROP
}

story() {
  cat <<'STORY'
As hostport-external, after `iptables -I FORWARD -i eth0 -o cni0 -m length --length 500:65535 -j DROP` on node1: what a wrong
MTU does, small packets pass and large ones do not. The client's small request (source port 41001) is answered. Then it posts
1200 bytes (source port 41002): the handshake succeeds, the one large segment is at node1's eth0, is repeated there, and is
nowhere behind it. Of that connection the pod sees the handshake and no more. The client gives up after 2 seconds.
STORY
}

# post SOURCE-PORT BYTES OUTCOME: as http, with a body.
post() {
  local status=0 outcome=answered
  on client curl --silent --output /dev/null --noproxy '*' --user-agent lab --local-port "$1" --max-time 2 \
    --data "$(printf '%*s' "$2" '' | tr ' ' a)" http://10.20.32.204:9000/ || status=$?
  ((status == 28)) && outcome=timeout
  expect "client:$1 posts $2 bytes" "$3" "$outcome"
}

traffic() {
  http client 41001 10.20.32.204:9000 198.51.100.79
  gap
  post 41002 1200 timeout
}
