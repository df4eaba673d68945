/** A folder of what was saved before the captures, in which files have the names that they have beside them. */
export const BEFORE = "before";
