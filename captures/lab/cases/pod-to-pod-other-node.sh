title="a pod on another node, over the VXLAN"
takes_part=(node2 p2a)

story() {
  cat <<'STORY'
p2a on node2 asks p1a itself, 10.233.1.2:8080, twice (source ports 41001, 41002); no hostPort is involved. Nothing is
translated: p1a sees 10.233.2.2, port kept, TTL 62 (each node took one). Between the nodes the packets travel in VXLAN, VNI 1,
UDP port 8472, 10.20.32.205 to 10.20.32.204, outer TTL 64; flannel.1 shows the inner packet on both nodes, TTL 63.
STORY
}

traffic() {
  http p2a 41001 10.233.1.2:8080 10.233.2.2
  gap
  http p2a 41002 10.233.1.2:8080 10.233.2.2
}
