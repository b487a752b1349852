/**
 * A file of a flag repository, from a directory or from a git revision alike.
 * `path` is relative to the directory of `flagstaff.yaml`, with `/`.
 */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Why there is no text to speak of; the edge that read the file knows. */
  readonly problem?: 'too-large' | 'not-utf8' | 'unreadable';
}
