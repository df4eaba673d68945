/** An archive or a directory holds more than we take; the message says how to go on. */
export class LimitReached extends Error {
  override readonly name = "LimitReached";
}
