import { isKubeText } from "#cluster/kubectl/is-kube-text.js";
import { KUBE_CONFIG_MAPS, KUBE_KINDS } from "#cluster/kubectl/kube-kinds.js";
import type { Recogniser } from "../recogniser.js";

/** A topology file, and Kubernetes' own objects as kubectl or a must-gather has them. */
export const recogniseTopology: Recogniser = ({ head, path }) => {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("utf8");
  if (/^\s*["{]*schema"?\s*:\s*["']?pcapcheck\.topology\//m.test(text)) {
    return { as: "topology", by: "its schema" };
  }
  if (!isKubeText(text)) return undefined;
  const kind = KIND.exec(text)?.[1];
  if (kind !== undefined && isOfTheNetwork(kind, text))
    return { as: "topology", by: `kind: ${kind}` };
  if (MUST_GATHER.test(path)) return { as: "topology", by: "its place in a must-gather" };
  return undefined;
};

const KIND = /^[ \-{]*"?kind"?\s*:\s*"?(\w+)/m;

const CONFIG_MAPS = new RegExp(`"?name"?\\s*:\\s*"?(${[...KUBE_CONFIG_MAPS].join("|")})\\b`);

/** A List of others, of Events, is not asked for; one that tells its kind behind its items may be. */
function isOfTheNetwork(kind: string, text: string): boolean {
  if (kind.startsWith("ConfigMap")) return kind === "ConfigMap" && CONFIG_MAPS.test(text);
  return KUBE_KINDS.has(kind.replace(/List$/, "")) || kind === "List";
}

/** Where `oc adm inspect` puts them: github.com/openshift/oc pkg/cli/admin/inspect. */
const MUST_GATHER =
  /(^|\/)(cluster-scoped-resources\/core\/nodes(\/[^/]+)?\.yaml|namespaces\/[^/]+\/(core\/(pods|services|endpoints)|discovery\.k8s\.io\/endpointslices)(\/[^/]+)?\.yaml|namespaces\/[^/]+\/pods\/[^/]+\/[^/]+\.yaml)$/;
