title="NodePort with its endpoint on the other node, captured by a printed plan"
service_case
source "$LAB_DIR/plan.sh"
plan_options=(--scenario nodeport-cluster --service default/api --node node1 --client 198.51.100.79)
service default/api cluster_ip=10.96.0.20 node_port=30081 endpoints=p2a

story() {
  cat <<'STORY'
The client asks 10.20.32.204:30081 four times (source ports 41001 to 41004). node1 translates to p2a on node2 and masquerades with
flannel.1's address: p2a sees 10.233.1.0 and a random port. Everything is captured and saved by the lines of a plan.
STORY
}

traffic() {
  http client 41001 10.20.32.204:30081 10.233.1.0
  http client 41002 10.20.32.204:30081 10.233.1.0
  http client 41003 10.20.32.204:30081 10.233.1.0
  http client 41004 10.20.32.204:30081 10.233.1.0
}
