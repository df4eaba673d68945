# The case folder's README.md: its pedigree.

control_note() {
  echo "Control: one request from node1 itself (10.233.1.1, as a kubelet probe comes) straight to the pod before" \
    "the client's, source port 40001, and one after, 40002: captures of pod, veth and cni0 ran throughout."
}

write_readme() {
  echo "# $title"
  echo
  story
  echo
  echo "Recorded with \`npm run lab -- $CASE\` ([lab/cases/$CASE.sh](../lab/cases/$CASE.sh))," \
    "every capture point at once, no packet dropped by any tcpdump. $(control_note)"
  echo
  if [[ " ${cni0_options[*]} " == *" -p "* ]]; then
    echo "$bridge_point.pcap was taken with \`tcpdump -p\`: a promiscuous ${bridge_point#*.} changes this traffic."
  else
    echo "tcpdump ran without \`-p\` (promiscuous), as people do."
  fi
  echo "Timestamps are microseconds, in \`*.any.pcap\` nanoseconds; all machines share one clock."
  echo
  echo "Versions: Linux $(uname -r | cut -d- -f1); $(iptables --version);" \
    "$(tcpdump --version 2>&1 | head -n 1 | sed 's/ version//'); CNI plugins $(plugins_version)."
}
