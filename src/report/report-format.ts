/** One way to write a verdict down. */
import type { Report } from "#verify/report.js";
import type { Layout } from "./table.js";

export interface ReportFormat {
  /** As `-o` takes it. */
  readonly name: string;
  /** For `--help`. */
  readonly summary: string;
  /** For a program: the same bytes whatever reads them, and a document also where nothing was read. */
  readonly machine: boolean;
  /** Its code is loaded when it is used. */
  readonly load: () => Promise<RenderReport>;
}

/** Pure: the same report, the same text. In chunks, so that a long one is never held whole. */
export type RenderReport = (report: Report, context: RenderContext) => Iterable<string>;

export interface RenderContext {
  /** What was asked: a scenario, or all of them. */
  readonly scenario: Asked;
  readonly layout: Layout;
  /** Every check of every connection, not only of the first few and of those that do not pass. */
  readonly verbose: boolean;
  /** False where an input could not be read: the verdict is about the rest only. */
  readonly complete: boolean;
  /** Connections whose journey was asked for: ids, or endpoints of theirs. */
  readonly journeysOf?: readonly string[] | undefined;
}

export interface Asked {
  readonly name: string;
  readonly title: string;
  readonly question: string;
}
