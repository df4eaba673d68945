#!/usr/bin/env bash
# record.sh CASE FOLDER: one case from nothing to its folder. On failure the folder stays as it was.
set -euo pipefail

CASE=$1
FOLDER=$2
LAB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=pcl$$
WORK=$(mktemp -d)
RECORDED=$WORK/recorded
mkdir "$RECORDED"

for part in requirements topology pods rules traffic proxies services capture state readme; do
  source "$LAB_DIR/$part.sh"
done

cleanup() {
  local status=$?
  set +e
  if ((status)); then
    echo "lab: $CASE failed" >&2
    grep -hvE 'listening on|data link type' "$WORK"/*.err >&2
  fi
  stop_background
  remove_namespaces
  rm -rf "$WORK"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# What most cases share; a case file overrides what it is about.
takes_part=()     # of p1b, node2 and p2a: whoever talks besides the client, node1 and p1a
cni0_options=()   # options of the tcpdump on the bridge
capture_options=() # options of every tcpdump
bridge_point=node1.cni0
any_sll=yes       # whether node1's "any" is recorded as LINUX_SLL too
pod_lo=()         # pods whose loopback is captured too
pod_state=()      # pods with rules of their own, whose state is saved as a node's is
connect_seconds=5 # how long a client waits for its connection
HOST_PORTS='[{"hostPort":9000,"containerPort":8080,"protocol":"tcp"}]'
P1B_HOST_PORTS='[]'
start_servers() { serve_http p1a 8080; }
break_it() { :; }
pack_bundle() { :; } # archives instead of captures, see bundles.sh
control() { http node1 "$1" "$(pod_address p1a):8080" 10.233.1.1; }
make_machines() {
  make_underlay
  make_node node1 10.20.32.204 1
  make_node node2 10.20.32.205 2
  add_pod p1a node1 "$HOST_PORTS"
  add_pod p1b node1 "$P1B_HOST_PORTS"
  add_pod p2a node2 '[]'
}
source "$LAB_DIR/cases/$CASE.sh"

make_machines
start_servers
break_it

start_captures
control 40001
gap
traffic
gap
control 40002
settle
save_state
stop_captures
pack_bundle

write_topology >"$RECORDED/topology.yaml"
write_readme >"$RECORDED/README.md"
rm -rf "$FOLDER"
mkdir -p "$(dirname "$FOLDER")"
cp -r "$RECORDED" "$FOLDER"
chmod -R u=rwX,go=rX "$FOLDER"
