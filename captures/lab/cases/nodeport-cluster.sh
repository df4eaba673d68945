title="NodePort with externalTrafficPolicy Cluster, endpoint on the dialled node and on the other"
service_case
service default/web cluster_ip=10.96.0.10 port_name=http node_port=30080 endpoints=p1a
service default/api cluster_ip=10.96.0.20 node_port=30081 endpoints=p2a

story() {
  cat <<'STORY'
Two Services with a NodePort, 30080 with endpoint p1a on node1 and 30081 with endpoint p2a on node2. All dial node1. kube-proxy
masquerades whoever comes by a NodePort: towards p1a with cni0's address, towards p2a with flannel.1's, the port random.

| source port | who asks | what | pod sees |
| --- | --- | --- | --- |
| 41001 | client | 10.20.32.204:30080 | p1a: 10.233.1.1, random port, TTL 62 |
| 41002 | client | 10.20.32.204:30081 | p2a: 10.233.1.0, random port, TTL 61 |
| 41003 | a process on node2 | 10.20.32.204:30080 | p1a: 10.233.1.1, random port, TTL 63 |
| 41004 | a process on node2 | 10.20.32.204:30081 | p2a: 10.233.1.0, random port, TTL 62 |
| 41005 | a process on node1 | 10.20.32.204:30080 | p1a: 10.233.1.1, random port, TTL 64 |
| 41006 | a process on node1 | 10.20.32.204:30081 | p2a: 10.233.1.0, random port, TTL 63 |
| 41007 | a process on node1 | 127.0.0.1:30080 | p1a: 10.233.1.1, random port, TTL 64 |
| 41008 | a process on node1 | 127.0.0.1:30081 | p2a: 10.233.1.0, random port, TTL 63 |
| 41009 | p1b | 10.20.32.204:30080 | p1a: 10.233.1.1, random port, TTL 64 |
| 41010 | p1b | 10.20.32.204:30081 | p2a: 10.233.1.0, random port, TTL 62 |
| 41011 | p2a | 10.20.32.204:30080 | p1a: 10.233.1.1, random port, TTL 62 |
| 41012 | p2a | 10.20.32.204:30081 | p2a: 10.233.1.0, random port, TTL 61 |

A checker must find: nobody's own address behind node1, which is right under this policy. p2a is masqueraded twice: by flannel on
node2 (10.20.32.205, random port, on both eth0) and by kube-proxy on node1. Of node1's own requests nothing is on lo. p1b's
request to 30080 stays on the bridge.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30080 10.233.1.1
  http client 41002 10.20.32.204:30081 10.233.1.0
  http node2 41003 10.20.32.204:30080 10.233.1.1
  http node2 41004 10.20.32.204:30081 10.233.1.0
  http node1 41005 10.20.32.204:30080 10.233.1.1
  http node1 41006 10.20.32.204:30081 10.233.1.0
  http node1 41007 127.0.0.1:30080 10.233.1.1
  http node1 41008 127.0.0.1:30081 10.233.1.0
  http p1b 41009 10.20.32.204:30080 10.233.1.1
  http p1b 41010 10.20.32.204:30081 10.233.1.0
  http p2a 41011 10.20.32.204:30080 10.233.1.1
  http p2a 41012 10.20.32.204:30081 10.233.1.0
}
