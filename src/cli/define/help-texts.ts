/** Paragraphs below the options that several commands print. commander wraps none of them at a terminal's width. */

export const FILES_HELP = `
Files:
  FILE           pcap or pcapng, compressed with gzip or zstd or not
  POINT=FILE     and where it was captured: node1/eth0, pod:web, client,
                 pod:web@node1/eth0
  DIRECTORY      every capture in it, folders too; for verify also state and
                 topology, see --as
  ARCHIVE        the same of a .tar, .tar.gz, .tgz or .tar.zst
  -              standard input: kubectl exec … -- tcpdump -U -w - | pcapcheck …
  Files of one POINT and files that tcpdump rotated are read as one capture.

--as NAME=WHAT, for a file of a directory or archive whose name tells nothing or
something else:
  NAME=pod:web                  a capture point, as in front of a FILE
  NAME=node1.iptables-save.txt  a node's state, by the name that tells it
  NAME=topology, NAME=nothing   a topology; not to be used`;

export const CONNTRACK_HELP = `
Conntrack, in the directory of --state or named by --conntrack, from each node
while the incident lasts:
  NODE.conntrack.txt         conntrack -L -o extended, or what
                             /proc/net/nf_conntrack has
  NODE.conntrack-events.txt  conntrack -E -o timestamp,extended,id
It says what a node's own process dialled, and names an entry that leads where
no rule does any more.`;

export const TOPOLOGY_HELP = `
Topology, in one file or several, each behind a --topology of its own:
  cluster.json   kubectl get nodes,pods,services,endpointslices,endpoints \\
                     -A -o json
                 (-o yaml takes twenty times as long to read)
  proxy.yaml     kubectl get configmap kube-proxy -n kube-system -o yaml
                     for its mode and cluster CIDR
  extra.yaml     schema: pcapcheck.topology/v1, and what kubectl does not know:
                 clients, interfaces, portmap, Docker; or everything. What it
                 says of a name counts before the others.`;

export const STATE_HELP = `
State of a node, in the directory of --state:
  NODE.iptables-save.txt  iptables-save -c      (IPv6: NODE.ip6tables-save.txt)
  NODE.ip-addr.json       ip -j addr
  NODE.ip-route.json      ip -j route show table all
                          (IPv6: NODE.ip-6-route.json of ip -6)
  NODE.sysctl.txt         sysctl -a, if there; else what it says is assumed
  NODE.ipset-save.txt     ipset save, if there; else what asks a set is unknown
  NODE.ipvsadm.txt        ipvsadm -Sn, if there; needed where kube-ipvs0 is
The same without NODE in front in a folder NODE; NODE-iptables-save.txt and
iptables-save-NODE.txt too.`;
