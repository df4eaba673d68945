/** A text file, on a disk or in an archive: what reports call it, and its text when somebody asks. */
export interface SavedFile {
  /** `bundle.tgz/node1/iptables-save.txt`; of a directory the path as the user would type it. */
  readonly file: string;
  /** @throws CannotCheck for a file that cannot be read. */
  readonly read: () => string;
}
