import type { Code } from './catalogue.js';

/** `off` is for configuration only: a finding that is off is never reported. */
export type Severity = 'error' | 'warning' | 'info';

/** 1-based; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** End-exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Another place that a diagnostic speaks of. */
export interface Related {
  readonly file: string;
  readonly range: Range;
  readonly pointer: string;
  readonly message: string;
}

/** A problem in a user's file, told to a person. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly file: string;
  readonly range: Range;
  /** JSON Pointer (RFC 6901) into the file's data. */
  readonly pointer: string;
  /** Lower case, one line, no final period; the user's own text in backticks. */
  readonly message: string;
  /** What to do. */
  readonly help?: string;
  readonly related?: readonly Related[];
}

/** The key of an entry (for an unknown key), its value (for a bad value). */
export type Target = 'key' | 'value';

/** A place in a file's data; it becomes a range when it is reported. */
export interface Place {
  readonly file: string;
  readonly pointer: string;
  /** `value` if left out. */
  readonly target?: Target;
  /** Where that is, when it is known already: a file that is no YAML has no pointers. */
  readonly range?: Range;
}

/** A diagnostic before its severity and its range are known. */
export interface Finding extends Place {
  readonly code: Code;
  readonly message: string;
  readonly help?: string;
  readonly related?: readonly (Place & { readonly message: string })[];
}
