/** Options as typed: a command reads them, for what reading needs is loaded with it. */

export interface ColourFlags {
  readonly color: string;
}

export interface InputFlags extends ColourFlags {
  readonly read?: readonly string[];
  /** Each `NAME=WHAT`. */
  readonly as?: readonly string[];
  readonly verbose: boolean;
}

export interface FlowsFlags extends InputFlags {
  /** Each `FORMAT` or `FORMAT=FILE`. */
  readonly output?: readonly string[];
  readonly join?: boolean | undefined;
}

export interface DoctorFlags extends InputFlags {
  /** Each `FORMAT` or `FORMAT=FILE`. */
  readonly output?: readonly string[];
}

export interface VerifyFlags extends InputFlags {
  /** Each `FORMAT` or `FORMAT=FILE`. */
  readonly output?: readonly string[];
  readonly scenario?: string;
  readonly strict: boolean;
  readonly topology?: readonly string[];
  readonly state?: string;
  readonly stateBefore?: string;
  readonly conntrack?: readonly string[];
  readonly asConfigured?: true;
  readonly node?: readonly string[];
  readonly pod?: string;
  readonly hostPort?: string;
  readonly client?: readonly string[];
  readonly portmap?: string;
  /** Ids, or endpoints as `198.51.100.79:41001`. */
  readonly connection?: readonly string[];
}

export interface LearnFlags extends InputFlags {
  readonly name: string;
  readonly topology?: readonly string[];
  readonly portmap?: string;
}

export interface ScenarioFlags extends ColourFlags {
  /** Each `FORMAT` or `FORMAT=FILE`. */
  readonly output?: readonly string[];
  readonly portmap?: string;
}

/** The flags of a command and its files, those of `-r` first. */
export type WithFiles<Flags> = Flags & { readonly files: readonly string[] };
