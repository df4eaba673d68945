/** One question about a connection, as it is intended, as the saved rules have it, and as it was seen. */
export interface ThreeAnswers {
  readonly question: "where it ends" | "destination at the server" | "source at the server";
  readonly intended: string;
  /** Undefined where nodes' own rules were not given. */
  readonly configured: string | undefined;
  /** Undefined where no capture shows it. */
  readonly observed: string | undefined;
}
