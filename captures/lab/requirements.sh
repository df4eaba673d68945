# What the lab needs of the machine. It installs nothing: it says what is missing and which Debian package has it.

CNI_PATH=${CNI_PATH:-/usr/lib/cni}
export CNI_PATH

REQUIRED_TOOLS=(
  "ip iproute2" "bridge iproute2" "sysctl procps" "taskset util-linux" "iptables iptables" "iptables-save iptables"
  "conntrack conntrack" "tcpdump tcpdump" "dumpcap wireshark-common" "tshark tshark"
  "socat socat" "curl curl" "jq jq" "python3 python3" "nft nftables" "ethtool ethtool"
)
REQUIRED_PLUGINS=(bridge host-local portmap)

check_requirements() {
  local missing=() tool package plugin entry
  for entry in "${REQUIRED_TOOLS[@]}"; do
    read -r tool package <<<"$entry"
    command -v "$tool" >/dev/null || missing+=("$tool: apt-get install $package")
  done
  for plugin in "${REQUIRED_PLUGINS[@]}"; do
    [[ -x $CNI_PATH/$plugin ]] ||
      missing+=("$CNI_PATH/$plugin: apt-get install containernetworking-plugins, or set CNI_PATH")
  done
  ((EUID == 0)) || missing+=("root: network namespaces need it")
  [[ -d /proc/sys/net/bridge ]] || missing+=("br_netfilter: modprobe br_netfilter")
  if ((${#missing[@]})); then
    printf 'lab: missing %s\n' "${missing[@]}" >&2
    return 1
  fi
}

# The version of the CNI plugins. Debian's binaries say "version unknown", so the package is asked then.
plugins_version() {
  local version
  version=$("$CNI_PATH/portmap" --version 2>&1 | sed -n 's/.*plugin v\?\([0-9][0-9.]*\).*/\1/p')
  if [[ -z $version ]] && command -v dpkg-query >/dev/null; then
    version=$(dpkg-query -W -f '${Version}' containernetworking-plugins 2>/dev/null | sed 's/[+~-].*//') || true
  fi
  echo "${version:-unknown}"
}
