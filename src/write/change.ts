import type { JsonObject } from '../model/json.js';

/** What one file is to say: a change of a flag, or of a segment, touches no other file. */
export interface FileChange {
  /** Relative to the flag repository, with `/`. */
  readonly path: string;
  /** `undefined`: there is no such file yet. */
  readonly before: JsonObject | undefined;
  readonly after: JsonObject;
}

/** A part of a file before and after. `inherited` is what counts where the part says nothing. */
export type Edit = (part: JsonObject, inherited: JsonObject) => JsonObject;
