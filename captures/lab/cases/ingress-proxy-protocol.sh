title="a TCP proxy on the node that speaks the PROXY protocol to the pods"
takes_part=(p1b node2 p2a)
any_sll=
HOST_PORTS='[]'

story() {
  cat <<'STORY'
The pod ingress has hostNetwork: a haproxy (2.6.12) in TCP mode. Behind port 80 it dials p1a and sends a PROXY protocol header of version 1 (a line of
text) first, behind port 81 it dials p2a and sends version 2 (binary). At layer 3 the pods see node1; the header says who the client is.

| source port | who asks | what | endpoint | server sees | TTL | PROXY header |
| --- | --- | --- | --- | --- | --- | --- |
| 41001 | client | 10.20.32.204:80 | p1a | 10.233.1.1, random port | 64 | version 1: 198.51.100.79, 41001 |
| 41002 | client | 10.20.32.204:81 | p2a | 10.233.1.0, random port | 63 | version 2: 198.51.100.79, 41002 |
| 41003 | p1b | 10.20.32.204:80 | p1a | 10.233.1.1, random port | 64 | version 1: 10.233.1.3, 41003 |

A checker must find: two connections for each request. The first payload of the second one is the header, with the addresses and ports of the
first.
STORY
}

extra_pods() {
  echo "  - { name: ingress, node: node1, address: 10.20.32.204, hostNetwork: true, ports: [80, 81], proxyFor: default/web }"
}

extra_topology() {
  echo "services:"
  echo "  - name: default/web"
  echo "    ports: [{ port: 80, targetPort: 8080 }]"
  echo "    endpoints: [{ pod: p1a }, { pod: p2a }]"
}

start_servers() {
  serve_http p1a 8080
  run_nginx p2a 8080 <<'HTTP'
server {
    listen 8080 proxy_protocol;
    location / { return 200 "client_address=$remote_addr for $proxy_protocol_addr\n"; }
  }
HTTP
  run_haproxy node1 81 <<'CONFIGURATION'
global
  maxconn 16
defaults
  mode tcp
  timeout connect 2s
  timeout client 5s
  timeout server 5s
listen version-1
  bind :80
  server p1a 10.233.1.2:8080 send-proxy
listen version-2
  bind :81
  server p2a 10.233.2.2:8080 send-proxy-v2
CONFIGURATION
}

traffic() {
  http client 41001 10.20.32.204:80 "10.233.1.1 for 198.51.100.79"
  http client 41002 10.20.32.204:81 "10.233.1.0 for 198.51.100.79"
  http p1b 41003 10.20.32.204:80 "10.233.1.1 for 10.233.1.3"
}
