/**
 * Where a capture was taken. `node1/eth0`, `node1/any`, `pod:web`, `pod:web@node1/eth0` and
 * `client` are what a user types in front of a file; a file without one is named after itself.
 */
export interface CapturePoint {
  /** What the user calls it, or the file's name without its ending. */
  readonly name: string;
  /**
   * The interface within a file that holds several (pcapng, Linux cooked v2): its name, or `if7`
   * for an index without a name. Undefined when the file is one interface.
   */
  readonly interface: string | undefined;
  /**
   * Where the originator's packets were going at this interface: `in` from the wire or pod, `out`
   * to it. Undefined when the link layer does not say.
   */
  readonly direction: "in" | "out" | undefined;
}

/** `node1/any`, `node1/any/eth0:in`. */
export function formatCapturePoint({ name, interface: port, direction }: CapturePoint): string {
  const place = port === undefined ? name : `${name}/${port}`;
  return direction === undefined ? place : `${place}:${direction}`;
}
