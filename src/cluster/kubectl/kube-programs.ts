/** How the network's own programs were started: kube-proxy, the controller manager, flannel. */
import { parse } from "yaml";
import type { TopologyInput } from "../topology-schema.js";
import { isObject, type KubeField } from "./kube-field.js";
import type { KubeObject } from "./kube-object.js";

export interface ReadPrograms {
  /** Undefined where nothing tells. */
  readonly clusterCIDR: string | undefined;
  /** Undefined without a pod or configuration of kube-proxy. */
  readonly kubeProxy: NonNullable<TopologyInput["kubeProxy"]> | undefined;
  /** Undefined without a pod of flannel: whether it masquerades, or leaves it to the CNI bridge. */
  readonly flannelMasquerades: boolean | undefined;
  readonly assumptions: readonly string[];
}

/** Of a pod in a namespace of the cluster's own: containers of the programs that are read here. */
export function programsIn({ namespace, field }: KubeObject): readonly KubeField[] {
  if (!NAMESPACES.has(namespace)) return [];
  const containers = field.at("spec").at("containers").list;
  return containers.filter((container) => PROGRAMS.includes(container.at("name").text ?? ""));
}

const NAMESPACES: ReadonlySet<string> = new Set(["kube-system", "kube-flannel"]);
const PROGRAMS: readonly string[] = ["kube-proxy", "kube-controller-manager", "kube-flannel"];

export function readPrograms(
  containers: readonly KubeField[],
  configMaps: readonly KubeObject[],
): ReadPrograms {
  const named = (name: string) => containers.find((one) => one.at("name").text === name);
  const [proxy, manager, flannel] = PROGRAMS.map(named);
  const config = kubeProxyConfig(configMaps);
  const flags = flagsOf(proxy);
  // k8s cmd/kube-proxy/app/options.go: with --config the flags of what it configures are not read.
  const set = config ?? {};
  const mode = text(set["mode"]) ?? flags.get("proxy-mode");
  const known = MODES.find((candidate) => candidate === mode);
  const detector = text(set["detectLocalMode"]) ?? flags.get("detect-local-mode");
  const ofProxy = text(set["clusterCIDR"]) ?? flags.get("cluster-cidr");
  const isSeen = proxy !== undefined || config !== undefined;
  const isBlind = config !== undefined && ofProxy === undefined && isByCidr(detector);
  return {
    clusterCIDR: firstOf(ofProxy ?? flagsOf(manager).get("cluster-cidr")),
    kubeProxy: isSeen
      ? {
          ...(known !== undefined && { mode: known }),
          ...versionOf(proxy),
          ...(isBlind && { localDetector: "none" as const }),
          ...settingsOf(set, flags),
        }
      : undefined,
    flannelMasquerades: flannel && flagsOf(flannel).has("ip-masq"),
    assumptions: [
      ...(isSeen && mode === undefined && config === undefined ? [DEFAULT_MODE] : []),
      ...(known === undefined && mode !== undefined && mode !== "" ? [otherMode(mode)] : []),
      ...(isByCidr(detector) ? [] : [otherDetector(detector ?? "")]),
    ],
  };
}

const MODES = ["iptables", "ipvs", "userspace"] as const;

const DEFAULT_MODE =
  "kube-proxy runs in iptables mode; `kubectl get configmap kube-proxy -n kube-system -o yaml` tells";

const otherMode = (mode: string): string =>
  `kube-proxy runs in ${mode} mode, which is not modelled: its rules are taken to do what those of iptables mode do`;

const otherDetector = (detector: string): string =>
  `kube-proxy tells pods by ${detector}, which is not modelled: it is taken to tell the same as clusterCIDR`;

function isByCidr(detector: string | undefined): boolean {
  return detector === undefined || detector === "" || detector === "ClusterCIDR";
}

type Config = Readonly<Record<string, unknown>>;

/** kubeadm's: `config.conf` of ConfigMap kube-proxy, a KubeProxyConfiguration. */
function kubeProxyConfig(configMaps: readonly KubeObject[]): Config | undefined {
  const map = configMaps.find(({ name }) => name === "kube-proxy");
  const data = map?.field.at("data").at("config.conf");
  if (data?.text === undefined) return undefined;
  let config: unknown;
  try {
    config = parse(data.text);
  } catch {
    throw data.fault("the YAML of a KubeProxyConfiguration");
  }
  if (!isObject(config)) throw data.fault("the YAML of a KubeProxyConfiguration");
  return config;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Of a dual-stack list the first. */
function firstOf(list: string | undefined): string | undefined {
  const [first] = (list ?? "").split(",");
  return first === undefined || first === "" ? undefined : first;
}

/** `--name=value`, of a container's command and arguments. */
function flagsOf(container: KubeField | undefined): ReadonlyMap<string, string> {
  const words = ["command", "args"].flatMap((key) => container?.at(key).list ?? []);
  return new Map(
    words.flatMap((word): [string, string][] => {
      const [, name, value = ""] = /^--([^=]+)(?:=(.*))?$/.exec(word.text ?? "") ?? [];
      return name === undefined ? [] : [[name, value]];
    }),
  );
}

/** `registry.k8s.io/kube-proxy:v1.28.7` is 1.28. */
function versionOf(proxy: KubeField | undefined): { readonly version?: string } {
  const [, version] = /:v(\d+\.\d+)/.exec(proxy?.at("image").text ?? "") ?? [];
  return version === undefined ? {} : { version };
}

function settingsOf(config: Config, flags: ReadonlyMap<string, string>) {
  const iptables = isObject(config["iptables"]) ? config["iptables"] : {};
  const ipvs = isObject(config["ipvs"]) ? config["ipvs"] : {};
  const linux = isObject(config["linux"]) ? config["linux"] : {};
  const isMasqueradeAll =
    [iptables["masqueradeAll"], linux["masqueradeAll"]].includes(true) ||
    ["", "true"].includes(flags.get("masquerade-all") ?? "false");
  const addresses = config["nodePortAddresses"];
  const scheduler = SCHEDULERS.find((known) => known === ipvs["scheduler"]);
  return {
    ...(isMasqueradeAll && { masqueradeAll: true }),
    ...(iptables["localhostNodePorts"] === false && { localhostNodePorts: false }),
    ...(Array.isArray(addresses) && { nodePortAddresses: addresses.filter(isPrefixText) }),
    ...(scheduler !== undefined && { scheduler }),
  };
}

const SCHEDULERS = ["rr", "wrr", "lc", "sh"] as const;

/** `primary` is the one word that is no prefix (1.29). */
function isPrefixText(entry: unknown): entry is string {
  return typeof entry === "string" && entry.includes("/");
}
