#!/usr/bin/env bash
# oracle.sh FOLDER...: writes FOLDER/tshark-conv.txt, what tshark counts in each capture of the folder.
set -euo pipefail

for folder in "$@"; do
  cd "$folder"
  # A bundle has its captures in an archive.
  if ! compgen -G '*.pcap*' >/dev/null; then cd - >/dev/null; continue; fi
  {
    tshark --version 2>/dev/null | sed -n '1s/ (Git.*//p;1s/\.$//'
    for file in *.pcap *.pcapng; do
      [[ -f $file ]] || continue
      echo
      echo "\$ tshark -n -r $file -d udp.port==8472,vxlan -q -z conv,tcp -z conv,udp"
      tshark -n -r "$file" -d udp.port==8472,vxlan -q -z conv,tcp -z conv,udp 2>/dev/null
    done
  } >tshark-conv.txt
  cd - >/dev/null
done
