title="sessionAffinity ClientIP, two endpoints"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 affinity=10800 "endpoints=p1a p2a"

break_it() { ip -n "$LAB-client" addr add 198.51.100.80/24 dev eth0; }

extra_clients() {
  echo "  - { name: neighbour, addresses: [198.51.100.80] }"
}

story() {
  cat <<STORY
The Service has two endpoints, p1a on node1 and p2a on node2, and sessionAffinity ClientIP for three hours. For the first connection of
an address kube-proxy's rules draw the endpoint by lot; \`-m recent\` keeps later ones of that address with it. So which endpoint it
is differs from recording to recording, and it may be the same one for several.

| source port | who asks | what | in this recording | pod sees |
| --- | --- | --- | --- | --- |
| 41001 to 41006 | client, 198.51.100.79 | 10.20.32.204:30080 | ${DRAWN[client]} | ${SEEN[client]}, random port |
| 41011 to 41016 | neighbour, 198.51.100.80 on the same machine | 10.20.32.204:30080 | ${DRAWN[neighbour]} | ${SEEN[neighbour]}, random port |
| 41021 to 41026 | p1b | 10.20.32.204:30080 | ${DRAWN[p1b]} | ${SEEN[p1b]}, random port |

A checker must find: all connections of one address with one endpoint, p1a seeing 10.233.1.1 and p2a 10.233.1.0. Two addresses
with the same endpoint are no fault.
STORY
}

declare -A DRAWN SEEN

# stay NAME FROM FIRST-SOURCE-PORT [CURL ARGUMENT...]: six connections, of which none may meet another endpoint.
stay() {
  local name=$1 from=$2 first=$3 at answer
  for at in {0..5}; do
    answer=$(answer_to "$from" $((first + at)) 10.20.32.204:30080 "${@:4}")
    SEEN[$name]=${SEEN[$name]:-$answer}
    expect "$name's connection $at" "${SEEN[$name]}" "$answer"
  done
  case $answer in
    10.233.1.1) DRAWN[$name]=p1a ;;
    10.233.1.0) DRAWN[$name]=p2a ;;
    *) expect "$name" "10.233.1.1 or 10.233.1.0" "$answer" ;;
  esac
}

traffic() {
  stay client client 41001
  stay neighbour client 41011 --interface 'host!198.51.100.80'
  stay p1b p1b 41021
}
