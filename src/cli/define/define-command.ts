/** What a command is given to be defined with. */
import type { Command } from "commander";
import type { Io } from "../io.js";

/** Adds a command, its options and its help to the program. */
export type DefineCommand = (program: Command, ending: Ending) => void;

export interface Ending {
  readonly io: Io;
  /** Takes the exit code. */
  readonly end: (code: number) => void;
}
