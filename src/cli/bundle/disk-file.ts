import { readFileSync } from "node:fs";
import { sanitize } from "#report/sanitize.js";
import { CannotCheck } from "../exit.js";
import { describeFileError } from "../file-error.js";
import type { SavedFile } from "./saved-file.js";

/**
 * A text file that the user named or that lies in a folder.
 * @param option What the message about one that cannot be read begins with: `--topology `.
 */
export function diskFile(path: string, option = ""): SavedFile {
  return {
    file: path,
    read: () => {
      try {
        // With an encoding Node 20 reads a file of 100 MB twice as slowly.
        return readFileSync(path).toString("utf8");
      } catch (error) {
        throw new CannotCheck(`${option}${sanitize(path)}: ${describeFileError(error)}`);
      }
    },
  };
}
