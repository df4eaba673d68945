/** A topology names a version of a program whose rules the model does not know. */
export class UnknownVersionError extends RangeError {
  override readonly name = "UnknownVersionError";
}
