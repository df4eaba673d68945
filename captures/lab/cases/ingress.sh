title="an ingress controller on the node's own network, in front of two pods"
takes_part=(p1b node2 p2a)
any_sll=
HOST_PORTS='[]'

story() {
  cat <<'STORY'
The pod ingress has hostNetwork: an nginx (1.22.1) that listens on node1's port 80, ends the client's connection and dials an endpoint itself, p1a and
p2a in turn. It says in `X-Forwarded-For` whom it asks for; at layer 3 the pods see node1.

| source port | who asks | what | endpoint | server sees | TTL | X-Forwarded-For |
| --- | --- | --- | --- | --- | --- | --- |
| 41001 | client | 10.20.32.204:80 | p1a | 10.233.1.1, random port | 64 | 198.51.100.79 |
| 41002 | client | 10.20.32.204:80 | p2a | 10.233.1.0, random port | 63 | 198.51.100.79 |
| 41003 | a process on node2 | 10.20.32.204:80 | p1a | 10.233.1.1, random port | 64 | 10.20.32.205 |
| 41004 | p1b | 10.20.32.204:80 | p2a | 10.233.1.0, random port | 63 | 10.233.1.3 |

A checker must find: two connections for each request, with initial sequence numbers of their own. The first ends on node1 (eth0, or cni0
for p1b) with the client's address; the second begins there, with cni0's address to p1a, flannel.1's to p2a. That the client's address is not in the
second is right for a proxy, and the header is the only place that says it.
STORY
}

extra_pods() {
  echo "  - { name: ingress, node: node1, address: 10.20.32.204, hostNetwork: true, ports: [80], proxyFor: default/web }"
}

# Headless: nobody needs an address for what only the proxy dials.
extra_topology() {
  echo "services:"
  echo "  - name: default/web"
  echo "    ports: [{ port: 80, targetPort: 8080 }]"
  echo "    endpoints: [{ pod: p1a }, { pod: p2a }]"
}

start_servers() {
  serve_http p1a 8080
  serve_http p2a 8080
  run_nginx node1 80 <<'HTTP'
upstream web { server 10.233.1.2:8080; server 10.233.2.2:8080; }
  server {
    listen 80;
    location / { proxy_pass http://web; proxy_set_header X-Forwarded-For $remote_addr; }
  }
HTTP
}

traffic() {
  http client 41001 10.20.32.204:80 "10.233.1.1 for 198.51.100.79"
  http client 41002 10.20.32.204:80 "10.233.1.0 for 198.51.100.79"
  http node2 41003 10.20.32.204:80 "10.233.1.1 for 10.20.32.205"
  http p1b 41004 10.20.32.204:80 "10.233.1.0 for 10.233.1.3"
}
