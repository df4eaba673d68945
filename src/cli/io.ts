/** The world as one run sees it: handed in, so that a test can run the program in its own process. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** Of the terminal, in characters. */
  readonly columns?: number;
};
