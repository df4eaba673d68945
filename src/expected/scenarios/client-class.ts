/** Who dials, seen from the node that serves the port. */
export type ClientClass =
  | "external"
  | "other-node"
  | "own-address"
  | "localhost"
  | "hairpin"
  | "pod-same-node"
  | "pod-other-node";
