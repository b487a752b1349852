/** Why the world said no; stable, for programs. */
export type RefusalCode =
  | 'invalid-argument'
  | 'no-repository'
  | 'not-found'
  | 'not-a-directory'
  | 'already-exists'
  | 'unreadable'
  | 'unavailable'
  | 'git-missing'
  | 'git-too-old'
  | 'git-failed'
  | 'not-a-git-repository'
  | 'dubious-ownership'
  | 'unknown-revision'
  | 'no-commits'
  | 'no-default-branch'
  | 'no-merge-base'
  | 'shallow'
  | 'incomplete'
  | 'uncommitted'
  | 'contended'
  | 'rejected'
  | 'remote-unavailable'
  | 'outcome-unknown'
  | 'unwritable';

/**
 * The world's "no": no repository here, a file that is not there, a port in use. Nobody's bug, so it is told
 * in one line with what to do, never with a stack. A problem in a flag repository is a diagnostic instead.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly help: string | undefined;

  /** @param message lower case, one line, no final period, the user's own text in backticks */
  constructor(code: RefusalCode, message: string, options: { readonly help?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'Refusal';
    this.code = code;
    this.help = options.help;
  }
}
