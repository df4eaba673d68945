import { isCaptureHead } from "../entry-head.js";
import type { Recogniser } from "../recogniser.js";

/**
 * KubeSkoop's pair: `ID_NAMESPACE_POD_pod.pcap` from inside the pod and `ID_NODE_host.pcap` from its node,
 * both taken with `-i any`, in pieces of 100 MB (alibaba/kubeskoop pkg/exporter/task-agent/capture.go).
 */
export const recogniseKubeSkoop: Recogniser = ({ path, head }) => {
  if (!isCaptureHead(head)) return undefined;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const [, pod] = IN_POD.exec(name) ?? [];
  const [, node] = ON_NODE.exec(name) ?? [];
  const point = pod === undefined ? node && `${node}/any` : `pod:${pod}/any`;
  return point === undefined
    ? undefined
    : { as: "capture", point, by: "its name, as KubeSkoop gives it" };
};

/** Neither a namespace nor a pod has an underscore in its name (RFC 1123). */
const IN_POD = /^[^_]+_[^_]+_([^_]+)_pod\.pcap\d*$/;
const ON_NODE = /^[^_]+_([^_]+)_host\.pcap\d*$/;
