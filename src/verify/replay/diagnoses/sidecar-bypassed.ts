import type { Finding } from "#verify/report.js";

export const SIDECAR_BYPASSED: Finding = {
  code: "PC038",
  id: "sidecar-bypassed",
  title: "connections reach the program without its sidecar",
  explanation:
    "The pod is to have a sidecar that takes every connection and dials the program from 127.0.0.6 on " +
    "the pod's lo. These were answered and lo shows none for them: the redirect rules are missing in the " +
    "pod's namespace (the init container or CNI plugin did not run), the port is excluded, or the " +
    "program answered itself. Policy and encryption of the mesh do not apply to them.",
  remedy:
    "in the pod's network namespace: iptables-save -t nat | grep -E 'ISTIO_IN(BOUND|_REDIRECT)'; the pod's " +
    "annotations for excluded ports; the log of istio-init or istio-cni",
};
