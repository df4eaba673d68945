title="sessionAffinity ClientIP, two endpoints, broken: the rules know of no affinity"
service_case
service default/web cluster_ip=10.96.0.10 node_port=30080 affinity=10800 "endpoints=p1a p2a"

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
  SERVICE[default/web.affinity]=
  run_kube_proxy node1
  run_kube_proxy node2
  SERVICE[default/web.affinity]=10800
}

story() {
  cat <<STORY
As session-affinity, but the rules have no \`-m recent\`: the endpoint is drawn anew for every connection. In this recording p1a got
${ANSWERED[10.233.1.1]} of the client's connections and p2a ${ANSWERED[10.233.1.0]}.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 43001 to 43012 | client | 10.20.32.204:30080 | p1a: 10.233.1.1, random port; or p2a: 10.233.1.0, random port |

A checker must find: connections of one address within three hours that meet different endpoints.
STORY
}

traffic() {
  many_connections 12 43001 10.20.32.204:30080
  if ((${ANSWERED[10.233.1.1]:-0} == 0 || ${ANSWERED[10.233.1.0]:-0} == 0)); then
    expect "the endpoints of one client" "both" "one, by chance (once in 2048)"
  fi
}
