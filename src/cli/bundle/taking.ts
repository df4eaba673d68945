import type { StateKind } from "./state-kind.js";

/** What an entry of a bundle was taken for, and by what. */
export type Taking = {
  /** `its name`, `its bytes`, `--as`: as the table says it. */
  readonly by: string;
} & (
  | {
      readonly as: "capture";
      /** Undefined: named after its file. */ readonly point: string | undefined;
    }
  /** `node` is empty where neither name nor folder tells it. */
  | { readonly as: "state"; readonly node: string; readonly kind: StateKind }
  /** Rules saved before the captures, as `--state-before` takes them. */
  | { readonly as: "earlier state"; readonly node: string; readonly kind: StateKind }
  /** A file of ours, or Kubernetes' own objects. */
  | { readonly as: "topology" }
  | { readonly as: "archive" }
  /** Part of what another tool saved, told by its files together, see `ReadCollection`. */
  | { readonly as: "part"; readonly of: "retina"; readonly node: string; readonly path: string }
  | { readonly as: "nothing"; readonly why: string }
);
