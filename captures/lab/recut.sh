# Large answers with segmentation offload off at the nodes' eth0: what the cases about packets that are cut anew share.
source "$LAB_DIR/load.sh"

recut_case() {
  load_case
  capture_options=(-s 160)
  HOST_PORTS='[{"hostPort":9000,"containerPort":8080,"protocol":"tcp"}]'
  dials client bulk,41001-41002,10.20.32.204,9000
  dials p2a bulk,41101-41102,10.233.1.2,8080 bulk,41201-41202,10.20.32.204,9000
  start_servers() {
    serve_load p1a tcp:8080
    mkdir "$WORK/load"
  }
}

no_segmentation_offload() {
  local node
  for node in node1 node2; do on "$node" ethtool -K eth0 tx off tso off gso off >/dev/null; done
}
