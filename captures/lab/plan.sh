# A case whose captures and state are taken by the lines that `pcapcheck plan` prints, pasted block by block as a person
# would: plan_options says what the plan is asked for. A machine's blocks run in its network namespace and in a folder of its own.

start_captures() {
  local machine
  write_topology >"$RECORDED/topology.yaml"
  print_plan >"$RECORDED/plan.txt"
  mapfile -t PLANNED < <(sed -n 's/^### 1\. Start, on \(node \)\?\([^ ]*\).*/\2/p' "$RECORDED/plan.txt")
  for machine in "${PLANNED[@]}"; do
    mkdir "$WORK/$machine"
    run_block 1 "$machine" | tee "$WORK/$machine.started"
    if grep -q '\.log$' "$WORK/$machine.started"; then return 1; fi
  done
}

print_plan() {
  local program=$LAB_DIR/../../dist/cli/main.js
  [[ -f $program ]] || { echo "lab: npm run build" >&2; return 1; }
  (cd "$RECORDED" && node "$program" plan "${plan_options[@]}" --topology topology.yaml --enter netns)
}

# run_block NUMBER MACHINE: the lines of a heading. Only where the namespaces are is the lab's own.
run_block() {
  local number=$1 machine=$2
  (
    cd "$WORK/$machine"
    block "$number" "$machine" | sed "s#/run/netns/\$1#/run/netns/$LAB-\$1#" >"$WORK/block.sh"
    # What runs in the background must not hold this shell's output.
    on "$machine" bash "$WORK/block.sh" >"$WORK/block.out" 2>"$WORK/block.err"
    cat "$WORK/block.out"
  )
}

# block NUMBER MACHINE: what stands below its heading in the plan.
block() {
  awk -v number="$1" -v machine="$2" '
    /^### / { inside = ($2 == number "." && ($5 == machine || $6 == machine)); next }
    inside' "$RECORDED/plan.txt"
}

# Each block 2 stops the captures and saves the machine's state.
save_state() {
  local machine
  for machine in "${PLANNED[@]}"; do
    run_block 2 "$machine" >"$WORK/$machine.stopped"
    grep -q '^0 packets dropped by kernel' "$WORK/$machine.stopped"
    if grep 'dropped by kernel' "$WORK/$machine.stopped" | grep -v '^0 '; then return 1; fi
  done
}

# Block 3, up to the verdict.
stop_captures() {
  local machine
  (
    cd "$WORK"
    for machine in "${PLANNED[@]}"; do cp "$machine/$machine.tgz" .; done
    sed -n '/^### 3\. /,/^### /p' "$RECORDED/plan.txt" | grep -E '^(mkdir|tar) ' >"$WORK/together.sh"
    bash "$WORK/together.sh"
    tar xzf bundle.tgz --strip-components=1 -C "$RECORDED"
  )
}

write_readme() {
  cat <<README
# $title

$(story)

Recorded with \`npm run lab -- $CASE\` ([lab/cases/$CASE.sh](../lab/cases/$CASE.sh)): \`plan.txt\` is what
\`pcapcheck plan ${plan_options[*]} --topology topology.yaml --enter netns\` printed, and every file beside it is what its
lines left, run as printed ([lab/plan.sh](../lab/plan.sh)) but for the folder of the namespaces. No tcpdump dropped a packet.
$(control_note)

Timestamps are nanoseconds; all machines share one clock. The captures end a second before the state is saved.

Versions: Linux $(uname -r | cut -d- -f1); $(iptables --version); $(tcpdump --version 2>&1 | head -n 1 | sed 's/ version//'); CNI plugins $(plugins_version).
README
}
